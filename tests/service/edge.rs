//! What stands around the services: health, reflection, compression, sizes, TCP.

use crate::house::{ByName, House, config, item, reader};
use sitrep::app;
use sitrep::wire::v1;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::codec::CompressionEncoding;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt;

const PORT: &str = "#port military.strike RUS>UKR Odesa claimed 0.8 : Drones hit the port";

#[tokio::test]
async fn health_is_told_overall_and_by_service_and_its_watch_ends_with_the_service() {
    let house = House::new().await;
    let mut health = HealthClient::new(house.channel.clone());
    let request = |service: &str| HealthCheckRequest {
        service: service.into(),
    };
    for service in [
        "",
        "sitrep.v1.IntakeService",
        "sitrep.v1.FeedService",
        "sitrep.v1.AnalysisService",
    ] {
        let found = health.check(request(service)).await.unwrap().into_inner();
        assert_eq!(found.status(), ServingStatus::Serving, "{service}");
    }
    let unknown = health.check(request("weather")).await.unwrap_err();
    assert_eq!(unknown.code(), tonic::Code::NotFound);
    let mut watch = health.watch(request("")).await.unwrap().into_inner();
    assert_eq!(
        watch.message().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );
    let begun = std::time::Instant::now();
    let ending = house.begin_stop();
    assert_eq!(
        watch.message().await.unwrap().unwrap().status(),
        ServingStatus::NotServing
    );
    ending.await.unwrap().unwrap();
    assert!(
        begun.elapsed().as_secs() < 8,
        "a watch does not hold up the end"
    );
}

#[tokio::test]
async fn reflection_lists_every_service_and_describes_fields_with_comments() {
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest as Ask;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse as Answer;
    let house = House::new().await;
    let mut client = ServerReflectionClient::new(house.channel.clone());
    let ask = |ask| {
        tokio_stream::iter([ServerReflectionRequest {
            host: String::new(),
            message_request: Some(ask),
        }])
    };
    let request = ask(Ask::ListServices(String::new()));
    let mut answers = client
        .server_reflection_info(request)
        .await
        .unwrap()
        .into_inner();
    let answer = answers
        .message()
        .await
        .unwrap()
        .unwrap()
        .message_response
        .unwrap();
    let Answer::ListServicesResponse(list) = answer else {
        panic!("{answer:?}")
    };
    let mut names: Vec<_> = list.service.into_iter().map(|s| s.name).collect();
    names.sort();
    let expected = [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "sitrep.v1.AnalysisService",
        "sitrep.v1.FeedService",
        "sitrep.v1.IntakeService",
    ];
    assert_eq!(names, expected);
    let request = ask(Ask::FileContainingSymbol("sitrep.v1.NewsItem".into()));
    let mut answers = client
        .server_reflection_info(request)
        .await
        .unwrap()
        .into_inner();
    let answer = answers
        .message()
        .await
        .unwrap()
        .unwrap()
        .message_response
        .unwrap();
    let Answer::FileDescriptorResponse(files) = answer else {
        panic!("{answer:?}")
    };
    let bytes = files.file_descriptor_proto.concat();
    let comment = b"BCP 47 tag";
    assert!(
        bytes.windows(comment.len()).any(|w| w == comment),
        "field comments are served"
    );
    house.stop().await;
}

#[tokio::test]
async fn the_older_reflection_answers_too() {
    use tonic_reflection::pb::v1alpha::ServerReflectionRequest;
    use tonic_reflection::pb::v1alpha::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1alpha::server_reflection_request::MessageRequest as Ask;
    let house = House::new().await;
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(Ask::FileContainingSymbol("sitrep.v1.FeedService".into())),
    };
    let mut client = ServerReflectionClient::new(house.channel.clone());
    let answers = client
        .server_reflection_info(tokio_stream::iter([request]))
        .await
        .unwrap();
    assert!(
        answers
            .into_inner()
            .message()
            .await
            .unwrap()
            .unwrap()
            .message_response
            .is_some()
    );
    house.stop().await;
}

#[tokio::test]
async fn messages_may_be_compressed_either_way() {
    let house = House::new().await;
    for encoding in [CompressionEncoding::Gzip, CompressionEncoding::Zstd] {
        let mut client = house
            .intake()
            .send_compressed(encoding)
            .accept_compressed(encoding);
        let text = format!("{PORT}\n{}", "padding ".repeat(1000));
        let request = v1::SubmitNewsItemRequest {
            item: Some(item(&format!("{encoding}"), &text)),
        };
        let answer = client.submit_news_item(request).await.unwrap();
        assert_eq!(
            answer.metadata().get("grpc-encoding").unwrap(),
            &format!("{encoding}")
        );
        assert_eq!(answer.into_inner().updates.len(), 1);
    }
    house.stop().await;
}

#[tokio::test]
async fn a_message_is_bounded_after_decompression() {
    let house = House::new().await;
    let bomb = item("a", &"0".repeat(64 << 20));
    let mut client = house.intake().send_compressed(CompressionEncoding::Zstd);
    let request = v1::SubmitNewsItemRequest { item: Some(bomb) };
    let refused = client.submit_news_item(request).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::InvalidArgument, "{refused:?}");
    assert_eq!(
        refused.get_details_error_info().unwrap().reason,
        "MESSAGE_TOO_LARGE"
    );
    house.submit("b", PORT).await;
    house.stop().await;
}

#[tokio::test]
async fn the_service_listens_on_tcp() {
    let directory = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(app::serve(
        config(directory.path()),
        reader(),
        Box::<ByName>::default(),
        TcpListenerStream::new(listener),
        async { stopped.await.unwrap_or(()) },
    ));
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut intake = v1::intake_service_client::IntakeServiceClient::new(channel.clone());
    let request = v1::SubmitNewsItemRequest {
        item: Some(item("a", PORT)),
    };
    intake.submit_news_item(request).await.unwrap();
    let mut feed = v1::feed_service_client::FeedServiceClient::new(channel);
    let request = v1::SubscribeRequest {
        start: Some(v1::subscribe_request::Start::Earliest(true)),
        max_updates: 1,
        ..Default::default()
    };
    let messages = feed.subscribe(request).await.unwrap().into_inner();
    let messages: Vec<_> = messages.collect().await;
    assert_eq!(messages.len(), 2, "a progress and an update");
    assert!(messages.iter().all(|m| m.is_ok()));
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_has_a_bounded_number_of_streams() {
    let house = House::with(|config| config.server.max_streams_per_connection = 3).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(house.subscribe(v1::SubscribeRequest::default()).await);
    }
    // The fourth waits for a place on this connection, while another connection serves at once.
    let mut feed = house.feed();
    let fourth = feed.get_feed_info(v1::GetFeedInfoRequest {});
    let waiting = tokio::time::timeout(std::time::Duration::from_millis(300), fourth).await;
    assert!(waiting.is_err(), "no more than three streams at a time");
    let channel = house.another_channel().await;
    let mut other = v1::feed_service_client::FeedServiceClient::new(channel);
    other
        .get_feed_info(v1::GetFeedInfoRequest {})
        .await
        .unwrap();
    open.clear();
    feed.get_feed_info(v1::GetFeedInfoRequest {}).await.unwrap();
    house.stop().await;
}
