//! What is told of the service's own work: the log on standard error, metrics, traces.
//!
//! Nothing here is global but the log. Whoever counts holds a [`Telemetry`], and a test has its own.

mod log;
pub mod metrics;
pub mod trace;

pub use log::begin;
pub use metrics::Metrics;
pub use trace::Tracer;

use std::sync::Arc;

/// Counts and traces, for the rooms that do the work. Cheap to clone.
#[derive(Clone, Default)]
pub struct Telemetry {
    pub metrics: Arc<Metrics>,
    pub tracer: Tracer,
}
