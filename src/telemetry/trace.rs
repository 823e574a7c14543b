//! Traces by OpenTelemetry: where an item's time went, from its sender's call to the update, in one trace.
//!
//! Contexts are passed along with the item, not looked up: an item changes threads on its way. Without a collector every
//! span is nothing and costs nothing. Spans carry ids, types and counts, never words of an item.

use crate::config;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, Status, TraceContextExt, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use std::sync::Arc;
use std::time::Duration;
use tonic::codegen::http::HeaderMap;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};

const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes spans, and sends them to a collector where there is one.
#[derive(Clone, Default)]
pub struct Tracer(Option<Arc<Exporting>>);

struct Exporting {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// What a span hangs from.
#[derive(Debug, Clone, Default)]
pub struct Parent(Option<SpanContext>);

/// A stretch of work; it ends when it is dropped. In a box, so that what holds one is small without a collector.
#[derive(Default)]
pub struct Span(Option<Box<opentelemetry_sdk::trace::Span>>);

impl Tracer {
    /// As configured: nothing without an endpoint. Needs the runtime that the collector is reached from.
    pub fn new(section: &config::Trace) -> Result<Tracer, String> {
        if section.endpoint.is_empty() {
            return Ok(Tracer::default());
        }
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_channel(collector(&section.endpoint)?)
            .with_timeout(EXPORT_TIMEOUT)
            .build()
            .map_err(|e| format!("trace.endpoint: {e}"))?;
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(section.sample)));
        let resource = Resource::builder()
            .with_service_name("sitrep")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        let tracer = provider.tracer("sitrep");
        Ok(Tracer(Some(Arc::new(Exporting { provider, tracer }))))
    }

    /// Begins a span for the call of a client.
    pub fn call(&self, name: &'static str, parent: &Parent) -> Span {
        self.begin(name, SpanKind::Server, parent)
    }

    /// Begins a span for a part of the work.
    pub fn part(&self, name: &'static str, parent: &Parent) -> Span {
        self.begin(name, SpanKind::Internal, parent)
    }

    fn begin(&self, name: &'static str, kind: SpanKind, parent: &Parent) -> Span {
        let Some(exporting) = &self.0 else {
            return Span(None);
        };
        let mut above = Context::new();
        if let Some(parent) = &parent.0 {
            above = above.with_remote_span_context(parent.clone());
        }
        let builder = exporting.tracer.span_builder(name).with_kind(kind);
        let span = builder.start_with_context(&exporting.tracer, &above);
        Span(Some(Box::new(span)))
    }

    /// Sends what has not been sent. Blocks.
    pub fn finish(&self, within: Duration) {
        if let Some(exporting) = &self.0
            && let Err(error) = exporting.provider.shutdown_with_timeout(within)
        {
            tracing::warn!(%error, "traces were not sent");
        }
    }
}

/// The way to the collector; connected when first used.
fn collector(address: &str) -> Result<Channel, String> {
    let refused = |e: tonic::transport::Error| {
        format!(
            "trace.endpoint: expected a URL such as http://127.0.0.1:4317, found {address:?}: {e}"
        )
    };
    let mut endpoint = Endpoint::from_shared(address.to_owned()).map_err(refused)?;
    if address.starts_with("https://") {
        let tls = ClientTlsConfig::new().with_native_roots();
        endpoint = endpoint.tls_config(tls).map_err(refused)?;
    }
    Ok(endpoint.connect_timeout(EXPORT_TIMEOUT).connect_lazy())
}

impl Parent {
    /// What the caller says in `traceparent` and `tracestate` (W3C Trace Context).
    pub fn of_caller(headers: &HeaderMap) -> Parent {
        struct Headers<'a>(&'a HeaderMap);
        impl Extractor for Headers<'_> {
            fn get(&self, key: &str) -> Option<&str> {
                self.0.get(key)?.to_str().ok()
            }

            fn keys(&self) -> Vec<&str> {
                self.0.keys().map(|k| k.as_str()).collect()
            }
        }
        let found =
            TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers));
        let span = found.span().span_context().clone();
        Parent(span.is_valid().then_some(span))
    }
}

impl Span {
    /// For what happens within.
    pub fn as_parent(&self) -> Parent {
        Parent(self.0.as_ref().map(|s| s.span_context().clone()))
    }

    /// Says something about it.
    pub fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        if let Some(span) = &mut self.0 {
            span.set_attribute(KeyValue::new(key, value));
        }
    }

    /// Says that it failed.
    pub fn fail(&mut self, reason: &'static str) {
        if let Some(span) = &mut self.0 {
            span.set_status(Status::error(reason));
        }
    }
}
