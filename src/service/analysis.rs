//! `AnalysisService`: reading without storing.

use super::status::Fault;
use crate::intake;
use crate::lexicon::ontology::Ontology;
use crate::merge;
use crate::model::{self, Event, Explanation, NewsItem, Reading};
use crate::wire::v1::analysis_service_server::AnalysisService;
use crate::wire::{self, Invalid, Vocabulary, v1};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tonic::{Request, Response, Status};

/// Reads an item and tells how.
pub type Explain = Arc<dyn Fn(&NewsItem) -> (Reading, Explanation) + Send + Sync>;

/// What reads: the engine, as functions and facts.
#[derive(Clone)]
pub struct Reader {
    pub read: intake::Read,
    pub explain: Explain,
    pub stamp: model::Engine,
    pub ontology: Arc<Ontology>,
    pub vocabulary: Arc<Vocabulary>,
}

/// The service.
pub struct Analysis {
    reader: Reader,
    /// Analyses at a time; they must not take the cores from intake.
    permits: Arc<Semaphore>,
    bound: usize,
}

impl Analysis {
    /// With so many analyses running or waiting at a time.
    pub fn new(reader: Reader, bound: usize) -> Self {
        Analysis {
            reader,
            permits: Arc::new(Semaphore::new(bound)),
            bound,
        }
    }
}

#[tonic::async_trait]
impl AnalysisService for Analysis {
    async fn analyze_news_item(
        &self,
        request: Request<v1::AnalyzeNewsItemRequest>,
    ) -> Result<Response<v1::AnalyzeNewsItemResponse>, Status> {
        let request = request.into_inner();
        let item = submitted(request.item)?;
        let full = || Fault::from(intake::Error::Full { bound: self.bound });
        let permit = self
            .permits
            .clone()
            .try_acquire_owned()
            .map_err(|_| full())?;
        let (reader, item_id) = (self.reader.clone(), item.item_id.clone());
        let work = move || {
            let _permit = permit;
            if request.explain {
                let (reading, explanation) = (reader.explain)(&item);
                answer(&reader, &item, &reading, Some(&explanation))
            } else {
                answer(&reader, &item, &(reader.read)(&item), None)
            }
        };
        // A panic while reading is an error of this call alone.
        let answer = tokio::task::spawn_blocking(work).await;
        let answer = answer.map_err(|_| Fault::from(intake::Error::Unreadable { item_id }))?;
        Ok(Response::new(answer))
    }

    async fn list_event_types(
        &self,
        _: Request<v1::ListEventTypesRequest>,
    ) -> Result<Response<v1::ListEventTypesResponse>, Status> {
        let types = self.reader.ontology.types();
        let event_types = types.iter().map(wire::event_type).collect();
        Ok(Response::new(v1::ListEventTypesResponse { event_types }))
    }
}

fn answer(
    reader: &Reader,
    item: &NewsItem,
    reading: &Reading,
    explanation: Option<&Explanation>,
) -> v1::AnalyzeNewsItemResponse {
    let events: Vec<Event> = reading
        .reports
        .iter()
        .map(|report| merge::event_of(report, &reader.ontology, &reader.stamp))
        .collect();
    wire::analysis(&item.item_id, reading, &events, explanation)
}

/// The item of a request, which must be there.
pub(super) fn submitted(message: Option<v1::NewsItem>) -> Result<NewsItem, Fault> {
    let message = message.ok_or_else(|| Invalid::one("item", "expected an item, found none"))?;
    Ok(wire::item(message).map_err(|invalid| invalid.under("item"))?)
}
