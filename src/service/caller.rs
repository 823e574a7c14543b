//! Who calls, as the services see it: the guard puts it beside each request.

use super::status::Fault;
use crate::access::Quotas;
use crate::telemetry::trace;
use std::sync::Arc;
use tonic::Request;

/// The caller of a request.
#[derive(Clone)]
pub struct Caller {
    pub name: Arc<str>,
    pub quotas: Quotas,
    /// The span of its call.
    pub parent: trace::Parent,
}

impl Caller {
    /// Whoever made this request. A service that is called without the guard, as in a test of its own, serves nobody in
    /// particular.
    pub fn of<T>(request: &Request<T>) -> Caller {
        let found = request.extensions().get::<Caller>();
        found.cloned().unwrap_or_else(|| Caller {
            name: "anonymous".into(),
            quotas: Quotas::default(),
            parent: trace::Parent::default(),
        })
    }

    /// Counts an item, or says that it is one too many.
    pub fn item(&self) -> Result<(), Fault> {
        Ok(self.quotas.item(&self.name)?)
    }

    /// Waits until one more item may come, and counts it.
    pub async fn wait_for_item(&self) {
        self.quotas.wait_for_item(&self.name).await;
    }
}
