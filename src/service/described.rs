//! Errors that the transport makes itself, such as for a message that can't be decoded, get the details that all of
//! ours have.

use super::status::Fault;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::service::Routes;
use tonic::{Code, Status};
use tower::Service;

/// Said with the refusal of an unknown compression.
const ACCEPT_ENCODING: &str = "grpc-accept-encoding";

/// All services, every error of which says why.
#[derive(Clone)]
pub struct Described(pub(super) Routes);

impl<B> Service<Request<B>> for Described
where
    Routes: Service<Request<B>, Response = Response<Body>, Error = Infallible>,
    <Routes as Service<Request<B>>>::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<B>>::poll_ready(&mut self.0, context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // Health and reflection answer as their own definitions say.
        let is_ours = !request.uri().path().starts_with("/grpc.");
        let answer = self.0.call(request);
        Box::pin(async move {
            let response = answer.await?;
            Ok(if is_ours {
                described(response)
            } else {
                response
            })
        })
    }
}

/// A response that is an error from the start has its status in the headers.
fn described(response: Response<Body>) -> Response<Body> {
    match Status::from_header_map(response.headers()) {
        Some(status) if status.code() != Code::Ok && status.details().is_empty() => {
            let accepted = response.headers().get(ACCEPT_ENCODING).cloned();
            let mut response = Fault::of_transport(&status).to_status().into_http();
            if let Some(accepted) = accepted {
                response.headers_mut().insert(ACCEPT_ENCODING, accepted);
            }
            response
        }
        _ => response,
    }
}
