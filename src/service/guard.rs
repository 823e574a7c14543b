//! The way into every service: who calls, may it, has it had enough; and the count of it all.
//!
//! A layer around the services and not an interceptor, because only here are the method and the end of the response seen.

use super::caller::Caller;
use super::described::Described;
use super::policy::{self, Method, Needs};
use super::status::Fault;
use super::watched::{Received, Sent, Watch};
use crate::access::{Access, Denied, Identity, OpenStream, Principal, Quotas};
use crate::telemetry::{Telemetry, trace};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::codegen::http::header::{AUTHORIZATION, HeaderMap};
use tonic::codegen::http::{Request, Response};
use tower::Service;

/// Refusals that the log tells of, a second; metrics count all.
const TOLD_PER_SECOND: NonZeroU32 = NonZeroU32::new(5).unwrap();

/// All services, behind the guard. One a connection: it knows whose certificate was shown there.
#[derive(Clone)]
pub struct Guarded {
    pub(super) services: Described,
    pub(super) guard: Arc<Guard>,
    pub(super) certificate: Arc<Identity>,
}

/// What the guard goes by.
pub struct Guard {
    access: Arc<Access>,
    quotas: Quotas,
    open_health: bool,
    telemetry: Telemetry,
    telling: DefaultDirectRateLimiter,
}

/// Somebody who was let in.
struct Admitted {
    principal: Principal,
    stream: Option<OpenStream>,
}

impl Guarded {
    /// The same, for a connection whose client showed this certificate.
    pub fn for_client(&self, certificate: Identity) -> Guarded {
        Guarded {
            certificate: Arc::new(certificate),
            ..self.clone()
        }
    }
}

impl Guard {
    pub fn new(
        access: Arc<Access>,
        quotas: Quotas,
        open_health: bool,
        telemetry: Telemetry,
    ) -> Self {
        Guard {
            access,
            quotas,
            open_health,
            telemetry,
            telling: RateLimiter::direct(Quota::per_second(TOLD_PER_SECOND)),
        }
    }

    /// Lets a caller in, or says why not. Nothing is looked up for whoever may not ask: what exists stays hidden.
    async fn admit(
        &self,
        method: Option<&'static Method>,
        token: Option<&str>,
        certificate: &Identity,
    ) -> Result<Admitted, Fault> {
        let known = self
            .access
            .recognise(token, certificate, Timestamp::now())
            .await;
        let is_open = method.is_some_and(|m| m.needs == Needs::Health) && self.open_health;
        let principal = match known {
            Err(_) if is_open && token.is_none() => self.access.nobody().clone(),
            known => known?,
        };
        if self.access.is_on() {
            match method.map(|m| m.needs) {
                None => return Err(Fault::method_closed()),
                Some(Needs::Scope(scope)) if !principal.scopes.has(scope) => {
                    return Err(Fault::scope_missing(scope.name()));
                }
                Some(Needs::Scope(_) | Needs::Anybody | Needs::Health) => {}
            }
        }
        self.quotas.call(&principal.name)?;
        let stream = match method.is_some_and(|m| m.is_stream) {
            true => self.quotas.stream(&principal.name)?,
            false => None,
        };
        Ok(Admitted { principal, stream })
    }

    /// Tells the log of a refusal, unless it has heard of many.
    fn tell(&self, method: &'static str, fault: &Fault) {
        if self.telling.check().is_ok() {
            tracing::info!(method, reason = fault.reason(), "a call was refused");
        }
    }
}

impl<B> Service<Request<B>> for Guarded
where
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<StdError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<Body>>::poll_ready(&mut self.services, context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Guarded {
            mut services,
            guard,
            certificate,
        } = self.clone();
        let (mut parts, body) = request.into_parts();
        // From here on nobody sees the token.
        let token = token(&mut parts.headers);
        Box::pin(async move {
            let method = policy::find(parts.uri.path());
            let mut watch = Watch::begin(&guard.telemetry.metrics, method);
            let admitted = match token {
                Ok(token) => guard.admit(method, token.as_deref(), &certificate).await,
                Err(denied) => Err(denied.into()),
            };
            let Admitted { principal, stream } = match admitted {
                Ok(admitted) => admitted,
                Err(fault) => {
                    guard.tell(policy::label(method), &fault);
                    let response = fault.to_status().into_http::<Body>();
                    watch.headers(response.headers());
                    return Ok(response);
                }
            };
            let mut span = guard.telemetry.tracer.call(
                policy::label(method),
                &trace::Parent::of_caller(&parts.headers),
            );
            span.set("rpc.system", "grpc");
            parts.extensions.insert(Caller {
                name: principal.name.clone(),
                quotas: guard.quotas.clone(),
                parent: span.as_parent(),
            });
            let received = guard.telemetry.metrics.received_bytes.clone();
            let body = Body::new(Received::new(body, received));
            let response = services.call(Request::from_parts(parts, body)).await?;
            watch.headers(response.headers());
            watch.hold(span, stream);
            let may_end = guard.access.is_on() && method.is_some_and(|m| m.is_stream);
            let ends = may_end.then_some(principal);
            Ok(response.map(|body| Body::new(Sent::new(body, watch, ends))))
        })
    }
}

/// Takes the token out of the headers.
fn token(headers: &mut HeaderMap) -> Result<Option<String>, Denied> {
    let Some(value) = headers.remove(AUTHORIZATION) else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| Denied::Invalid)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim().to_owned()))
        }
        _ => Err(Denied::Invalid),
    }
}
