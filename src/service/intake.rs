//! `IntakeService`: news items in.

use super::analysis::submitted;
use super::caller::Caller;
use super::status::Fault;
use crate::intake::{self, Condition, Intake, Ticket};
use crate::telemetry::Metrics;
use crate::wire::v1::intake_service_server::IntakeService;
use crate::wire::v1::stream_news_items_response::Outcome;
use crate::wire::{self, v1};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use std::sync::Arc;
use tokio::sync::watch;
use tonic::{Request, Response, Status, Streaming};

/// The service.
pub struct Gate {
    intake: Intake,
    in_flight_per_stream: usize,
    metrics: Arc<Metrics>,
}

impl Gate {
    /// With so many items of one stream taken in and not yet answered.
    pub fn new(intake: Intake, in_flight_per_stream: usize, metrics: Arc<Metrics>) -> Self {
        Gate {
            intake,
            in_flight_per_stream,
            metrics,
        }
    }
}

#[tonic::async_trait]
impl IntakeService for Gate {
    async fn submit_news_item(
        &self,
        request: Request<v1::SubmitNewsItemRequest>,
    ) -> Result<Response<v1::SubmitNewsItemResponse>, Status> {
        let caller = Caller::of(&request);
        let item = submitted(request.into_inner().item)?;
        caller.item()?;
        let intake = self.intake.under(caller.parent);
        let ticket = intake.offer(item).map_err(Fault::from)?;
        let answer = ticket.answer().await.map_err(Fault::from)?;
        Ok(Response::new(wire::answer(&answer)))
    }

    type StreamNewsItemsStream = BoxStream<'static, Result<v1::StreamNewsItemsResponse, Status>>;

    async fn stream_news_items(
        &self,
        request: Request<Streaming<v1::StreamNewsItemsRequest>>,
    ) -> Result<Response<Self::StreamNewsItemsStream>, Status> {
        let caller = Caller::of(&request);
        let conversation = Conversation {
            inbound: request.into_inner(),
            condition: self.intake.condition(),
            intake: self.intake.under(caller.parent.clone()),
            caller,
            index: 0,
        };
        let metrics = self.metrics.clone();
        // The next item is taken from the client only while fewer than so many wait for their answers; the window of
        // the stream makes the client wait in turn.
        let answers = conversation
            .steps()
            .map(move |step| step.answer(metrics.clone()))
            .buffered(self.in_flight_per_stream);
        Ok(Response::new(answers.boxed()))
    }

    async fn retract_news_item(
        &self,
        request: Request<v1::RetractNewsItemRequest>,
    ) -> Result<Response<v1::RetractNewsItemResponse>, Status> {
        let caller = Caller::of(&request);
        let v1::RetractNewsItemRequest { item_id, reason } = request.into_inner();
        wire::check_item_id("item_id", &item_id).map_err(Fault::from)?;
        wire::check_reason("reason", &reason).map_err(Fault::from)?;
        caller.item()?;
        let intake = self.intake.under(caller.parent);
        let ticket = intake.retract(item_id, reason).map_err(Fault::from)?;
        let answer = ticket.answer().await.map_err(Fault::from)?;
        Ok(Response::new(v1::RetractNewsItemResponse {
            updates: answer.updates.iter().map(wire::caused).collect(),
            already_retracted: answer.duplicate,
        }))
    }

    async fn retract_event(
        &self,
        request: Request<v1::RetractEventRequest>,
    ) -> Result<Response<v1::RetractEventResponse>, Status> {
        let caller = Caller::of(&request);
        let v1::RetractEventRequest { event_id, reason } = request.into_inner();
        wire::check_item_id("event_id", &event_id).map_err(Fault::from)?;
        wire::check_given_reason("reason", &reason).map_err(Fault::from)?;
        caller.item()?;
        let intake = self.intake.under(caller.parent);
        let ticket = intake.retract_event(event_id, reason);
        let answer = ticket.map_err(Fault::from)?.answer().await;
        let answer = answer.map_err(Fault::from)?;
        Ok(Response::new(v1::RetractEventResponse {
            update: answer.updates.first().map(wire::caused),
            already_retracted: answer.duplicate,
        }))
    }
}

/// One `StreamNewsItems` call: items are put into the queue strictly one after the other, and answered in that order.
struct Conversation {
    inbound: Streaming<v1::StreamNewsItemsRequest>,
    condition: watch::Receiver<Condition>,
    intake: Intake,
    caller: Caller,
    index: u32,
}

/// What one message of the client led to.
enum Step {
    Waiting {
        index: u32,
        ticket: Ticket,
    },
    Refused {
        index: u32,
        fault: Fault,
    },
    /// The call ends, after everything before it was answered.
    End(Status),
}

impl Conversation {
    fn steps(self) -> impl Stream<Item = Step> + Send {
        stream::unfold(Some(self), |conversation| async move {
            let mut conversation = conversation?;
            let step = conversation.step().await?;
            let is_over = matches!(step, Step::End(_));
            Some((step, (!is_over).then_some(conversation)))
        })
    }

    async fn step(&mut self) -> Option<Step> {
        // Over its quota, a stream is not refused but slowed down: nothing more is read from it for a while.
        let next = async {
            self.caller.wait_for_item().await;
            self.inbound.message().await
        };
        let message = tokio::select! {
            biased;
            // A call that only waits for its client must not hold up the end of the service.
            condition = self.condition.wait_for(|c| *c != Condition::Open) => {
                let error = match condition.as_deref() {
                    Ok(Condition::Failed) => intake::Error::Failed,
                    _ => intake::Error::Draining,
                };
                return Some(Step::End(Fault::from(error).into()));
            }
            message = next => message,
        };
        let item = match message {
            Ok(Some(message)) => message.item,
            Ok(None) => return None,
            Err(status) => return Some(Step::End(status)),
        };
        let index = self.index;
        self.index = self.index.wrapping_add(1);
        let item = match submitted(item) {
            Ok(item) => item,
            Err(fault) => return Some(Step::Refused { index, fault }),
        };
        Some(match self.intake.enqueue(item).await {
            Ok(ticket) => Step::Waiting { index, ticket },
            Err(error) => Step::End(Fault::from(error).into()),
        })
    }
}

impl Step {
    async fn answer(self, metrics: Arc<Metrics>) -> Result<v1::StreamNewsItemsResponse, Status> {
        // The guard counts refusals of calls; that of an item in a stream is seen here alone.
        let rejected = |fault: Fault| {
            metrics.refused(fault.reason());
            Outcome::Rejected(fault.to_rejection())
        };
        let (index, outcome) = match self {
            Step::End(status) => return Err(status),
            Step::Refused { index, fault } => (index, rejected(fault)),
            Step::Waiting { index, ticket } => match ticket.answer().await {
                Ok(answer) => (index, Outcome::Accepted(wire::answer(&answer))),
                Err(error) => (index, rejected(error.into())),
            },
        };
        Ok(v1::StreamNewsItemsResponse {
            index,
            outcome: Some(outcome),
        })
    }
}
