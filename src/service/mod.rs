//! The gRPC edge: requests checked, answers worded, errors mapped.

mod analysis;
mod caller;
mod described;
mod events;
mod feed;
mod guard;
mod intake;
mod page;
pub mod policy;
pub mod reason;
mod status;
mod watched;

pub use analysis::{Explain, Reader};
pub use guard::{Guard, Guarded};

use crate::access::Identity;
use crate::intake::Intake;
use crate::store::Store;
use crate::telemetry::Telemetry;
use crate::wire::{
    self, v1::analysis_service_server::AnalysisServiceServer,
    v1::feed_service_server::FeedServiceServer, v1::intake_service_server::IntakeServiceServer,
};
use described::Described;
use std::sync::Arc;
use std::time::Duration;
use tonic::codec::CompressionEncoding::{Gzip, Zstd};
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// Largest message that a client may send, in bytes, decompressed.
const MAX_MESSAGE_BYTES: usize = 4 << 20;

/// Bounds of the services.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Items of one stream taken in and not yet answered.
    pub in_flight_per_stream: usize,
    /// Analyses running or waiting at a time.
    pub analyses: usize,
    /// Subscriptions at a time.
    pub max_subscriptions: usize,
    /// A subscriber that accepts nothing for so long is ended.
    pub stall: Duration,
}

/// All services and their health.
pub struct Services {
    pub routes: Guarded,
    pub health: Health,
}

/// Names that health is told of; the empty one is the service as a whole.
const NAMES: [&str; 4] = [
    "",
    "sitrep.v1.IntakeService",
    "sitrep.v1.FeedService",
    "sitrep.v1.AnalysisService",
];

/// What `grpc.health.v1` answers.
#[derive(Clone)]
pub struct Health(HealthReporter);

impl Health {
    /// Everything serves.
    pub async fn serving(&self) {
        for name in NAMES {
            self.0
                .set_service_status(name, ServingStatus::Serving)
                .await;
        }
    }

    /// Nothing serves any more.
    pub async fn draining(&self) {
        for name in NAMES {
            self.0
                .set_service_status(name, ServingStatus::NotServing)
                .await;
        }
    }

    /// Ends every watch of it: a watch would hold its connection open.
    pub async fn clear(&self) {
        let mut reporter = self.0.clone();
        for name in NAMES {
            reporter.clear_service_status(name).await;
        }
    }

    /// Nothing can be taken in; what is stored can still be read.
    pub async fn intake_failed(&self) {
        for name in ["", "sitrep.v1.IntakeService"] {
            self.0
                .set_service_status(name, ServingStatus::NotServing)
                .await;
        }
    }
}

/// Builds all services, behind their guard.
pub fn services(
    settings: Settings,
    reader: &Reader,
    store: &Store,
    intake: &Intake,
    guard: Guard,
    telemetry: &Telemetry,
) -> Result<Services, tonic_reflection::server::Error> {
    let gate = intake::Gate::new(
        intake.clone(),
        settings.in_flight_per_stream,
        telemetry.metrics.clone(),
    );
    let outlet = feed::Outlet::new(
        store.clone(),
        reader.vocabulary.clone(),
        reader.stamp.clone(),
        settings.max_subscriptions,
        settings.stall,
        telemetry.metrics.clone(),
    );
    let analysis = analysis::Analysis::new(reader.clone(), settings.analyses);
    let reporter = HealthReporter::new();
    let health = tonic_health::server::HealthService::from_health_reporter(reporter.clone());

    let mut routes = Routes::builder();
    macro_rules! serve {
        ($server:expr) => {
            routes.add_service(
                $server
                    .max_decoding_message_size(MAX_MESSAGE_BYTES)
                    .accept_compressed(Gzip)
                    .accept_compressed(Zstd)
                    .send_compressed(Gzip)
                    .send_compressed(Zstd),
            )
        };
    }
    serve!(IntakeServiceServer::new(gate));
    serve!(FeedServiceServer::new(outlet));
    serve!(AnalysisServiceServer::new(analysis));
    routes.add_service(tonic_health::pb::health_server::HealthServer::new(health));
    routes.add_service(reflection().build_v1()?);
    routes.add_service(reflection().build_v1alpha()?);
    Ok(Services {
        routes: Guarded {
            services: Described(routes.routes()),
            guard: Arc::new(guard),
            certificate: Arc::new(Identity::default()),
        },
        health: Health(reporter),
    })
}

/// Reflection over every service that is there, comments included; it adds its own descriptors.
fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(wire::DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        // Details of errors travel as `Any`; with their descriptors grpcurl shows them in plain.
        .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
}
