//! Bodies on their way: bytes counted, the end of a call noted, and a stream ended when its caller's credential ends.

use super::policy::{self, Method};
use super::reason;
use super::status::Fault;
use crate::access::{Denied, OpenStream, Principal};
use crate::telemetry::Metrics;
use crate::telemetry::metrics::{Call, MethodName};
use crate::telemetry::trace::Span;
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use jiff::Timestamp;
use prometheus_client::metrics::counter::Counter;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::time::Instant;
use tonic::codegen::http::HeaderMap;
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// A request's body.
pub struct Received<B> {
    body: Pin<Box<B>>,
    bytes: Counter,
}

impl<B> Received<B> {
    pub fn new(body: B, bytes: Counter) -> Self {
        Received {
            body: Box::pin(body),
            bytes,
        }
    }
}

impl<B: Body<Data = Bytes>> Body for Received<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let next = this.body.as_mut().poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &next
            && let Some(data) = frame.data_ref()
        {
            this.bytes.inc_by(data.len() as u64);
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// One call, from its beginning to the end of its response; counted when it is dropped.
pub struct Watch {
    metrics: Arc<Metrics>,
    method: Option<&'static Method>,
    begun: Instant,
    /// How it ended. A call that is dropped before that was given up by its client.
    code: Option<Code>,
    span: Span,
    _stream: Option<OpenStream>,
}

impl Watch {
    pub fn begin(metrics: &Arc<Metrics>, method: Option<&'static Method>) -> Watch {
        let label = policy::label(method);
        metrics
            .open_calls
            .get_or_create(&MethodName { method: label })
            .inc();
        Watch {
            metrics: metrics.clone(),
            method,
            begun: Instant::now(),
            code: None,
            span: Span::default(),
            _stream: None,
        }
    }

    /// Holds these until the call is over.
    pub fn hold(&mut self, span: Span, stream: Option<OpenStream>) {
        self.span = span;
        self._stream = stream;
        if let Some(code) = self.code {
            self.say(code);
        }
    }

    /// Looks at headers or trailers, one of which say how the call ended.
    pub fn headers(&mut self, headers: &HeaderMap) {
        let Some(status) = Status::from_header_map(headers) else {
            return;
        };
        self.code = Some(status.code());
        self.say(status.code());
        if status.code() != Code::Ok {
            self.metrics.refused(reason_of(&status));
        }
    }

    fn say(&mut self, code: Code) {
        self.span
            .set("rpc.grpc.status_code", i64::from(code as i32));
        if code != Code::Ok {
            self.span.fail(code_name(code));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let method = policy::label(self.method);
        let code = self.code.unwrap_or(Code::Cancelled);
        let metrics = &self.metrics;
        metrics
            .open_calls
            .get_or_create(&MethodName { method })
            .dec();
        let label = Call {
            method,
            code: code_name(code),
        };
        metrics.calls.get_or_create(&label).inc();
        if self.method.is_some_and(|m| !m.is_stream) {
            let took = self.begun.elapsed().as_secs_f64();
            metrics
                .call_seconds
                .get_or_create(&MethodName { method })
                .observe(took);
        }
    }
}

/// A response's body.
pub struct Sent {
    body: tonic::body::Body,
    /// Taken when the body has ended, so that the call is over then and not when the connection lets go of it.
    watch: Option<Watch>,
    ending: Option<Pin<Box<dyn Future<Output = Fault> + Send>>>,
}

impl Sent {
    /// The body of a call; a stream ends with the credential of the one who opened it.
    pub fn new(body: tonic::body::Body, watch: Watch, ends_with: Option<Principal>) -> Self {
        let is_over = body.is_end_stream();
        Sent {
            body,
            watch: (!is_over).then_some(watch),
            ending: ends_with.map(|p| Box::pin(end_of(p)) as Pin<Box<_>>),
        }
    }
}

async fn end_of(principal: Principal) -> Fault {
    let expired = async {
        match principal.until {
            None => std::future::pending().await,
            Some(until) => {
                // The timer stands still while the machine sleeps, and does not see the clock being set.
                while let Ok(left) = Duration::try_from(until.duration_since(Timestamp::now()))
                    && !left.is_zero()
                {
                    tokio::time::sleep(left.min(Duration::from_secs(60))).await;
                }
            }
        }
    };
    tokio::select! {
        () = expired => Denied::Expired.into(),
        () = principal.revoked.cancelled() => Fault::revoked(),
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let Some(watch) = &mut this.watch else {
            return Poll::Ready(None);
        };
        if let Some(ending) = &mut this.ending
            && let Poll::Ready(fault) = ending.as_mut().poll(context)
        {
            let mut trailers = HeaderMap::new();
            // Of our own making, and bounded: it fits.
            let _ = fault.to_status().add_header(&mut trailers);
            watch.headers(&trailers);
            this.watch = None;
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        let next = Pin::new(&mut this.body).poll_frame(context);
        match &next {
            Poll::Pending => {}
            Poll::Ready(None | Some(Err(_))) => this.watch = None,
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    watch.metrics.sent_bytes.inc_by(data.remaining() as u64);
                }
                if let Some(trailers) = frame.trailers_ref() {
                    watch.headers(trailers);
                    this.watch = None;
                }
            }
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.watch.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The reason that a status gives, if it is one of ours; what has none goes by its code.
fn reason_of(status: &Status) -> &'static str {
    let info = status.get_details_error_info();
    let found = info.and_then(|info| reason::ALL.iter().find(|r| r.name == info.reason));
    found.map_or(code_name(status.code()), |r| r.name)
}

/// The code's name as on the wire.
fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
