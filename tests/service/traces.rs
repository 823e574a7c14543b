//! Traces as a collector receives them.

use crate::fort::Fort;
use crate::house::item;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use sitrep::wire::v1;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};
use v1::intake_service_client::IntakeServiceClient;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// Keeps what it is sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<ExportTraceServiceRequest>>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    fn spans(&self) -> Vec<Span> {
        let requests = self.0.lock().unwrap().clone();
        let resources = requests.into_iter().flat_map(|r| r.resource_spans);
        let scopes = resources.flat_map(|r| r.scope_spans);
        scopes.flat_map(|s| s.spans).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|a| a.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(n) => Some(n.to_string()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_callers_span_to_the_update() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collector = Collector::default();
    let collecting = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(collector.clone()))
        .serve_with_incoming(TcpListenerStream::new(listener));
    let collecting = tokio::spawn(collecting);
    let fort = Fort::with(|config, _| config.trace.endpoint = endpoint).await;
    let mut intake = IntakeServiceClient::new(fort.plain().await);
    let submit = |id: &str| {
        Request::new(v1::SubmitNewsItemRequest {
            item: Some(item(id, PORT)),
        })
    };
    let mut request = submit("traced");
    let parent = format!("00-{TRACE}-{CALLER}-01").parse().unwrap();
    request.metadata_mut().insert("traceparent", parent);
    intake.submit_news_item(request).await.unwrap();
    // One whose caller decided against, one whose caller says nothing, and one whose caller says nonsense.
    for (id, says) in [
        (
            "unwanted",
            Some(format!("00-{}-{CALLER}-00", "7".repeat(32))),
        ),
        ("alone", None),
        ("odd", Some("00-nonsense".to_owned())),
    ] {
        let mut request = submit(id);
        if let Some(says) = says {
            request
                .metadata_mut()
                .insert("traceparent", says.parse().unwrap());
        }
        intake.submit_news_item(request).await.unwrap();
    }
    fort.stop().await;
    collecting.abort();

    let spans = collector.spans();
    let of_caller: HashMap<String, &Span> = spans
        .iter()
        .filter(|s| hex(&s.trace_id) == TRACE)
        .map(|s| (s.name.clone(), s))
        .collect();
    let call = "sitrep.v1.IntakeService/SubmitNewsItem";
    let above = [
        (call, CALLER.to_owned()),
        ("item", hex(&of_caller[call].span_id)),
        ("read", hex(&of_caller["item"].span_id)),
        ("merge", hex(&of_caller["item"].span_id)),
        ("update", hex(&of_caller["merge"].span_id)),
    ];
    assert_eq!(of_caller.len(), above.len(), "{:?}", of_caller.keys());
    for (name, parent) in above {
        let span = of_caller[name];
        assert_eq!(hex(&span.parent_span_id), parent, "{name}");
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
    }
    assert_eq!(attribute(of_caller["item"], "item.id").unwrap(), "traced");
    for (key, expected) in [
        ("event.id", "port"),
        ("event.revision", "1"),
        ("event.type", "military.strike"),
        ("event.change", "created"),
    ] {
        assert_eq!(attribute(of_caller["update"], key).unwrap(), expected);
    }
    // The span of the item covers the commit that its answer waited for.
    assert!(of_caller["item"].end_time_unix_nano >= of_caller["update"].end_time_unix_nano);

    let traces: std::collections::BTreeSet<_> = spans.iter().map(|s| hex(&s.trace_id)).collect();
    assert_eq!(
        traces.len(),
        3,
        "one for each caller but the one who decided against"
    );
    assert!(!traces.contains(&"7".repeat(32)));
    let told = format!("{spans:?}");
    assert!(!told.contains("Drones hit"), "no words of an item travel");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_holds_nothing_up() {
    let fort = Fort::with(|config, _| config.trace.endpoint = "http://127.0.0.1:9".into()).await;
    let mut intake = IntakeServiceClient::new(fort.plain().await);
    let request = v1::SubmitNewsItemRequest {
        item: Some(item("a", PORT)),
    };
    intake.submit_news_item(request).await.unwrap();
    let begun = std::time::Instant::now();
    fort.stop().await;
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(8),
        "{:?}",
        begun.elapsed()
    );
}
