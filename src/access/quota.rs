//! How much of the service one caller may have.

use crate::config;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What there is a quota of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Calls,
    Items,
    Streams,
}

/// A caller wants more than it may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exceeded {
    pub what: What,
    pub bound: u32,
    /// When there is more, where that can be told.
    pub retry_after: Option<Duration>,
}

/// The quotas, each kept by caller.
#[derive(Clone, Default)]
pub struct Quotas {
    calls: Option<Rate>,
    items: Option<Rate>,
    streams: Option<Streams>,
}

#[derive(Clone)]
struct Rate {
    bound: NonZeroU32,
    limiter: Arc<DefaultKeyedRateLimiter<Arc<str>>>,
}

#[derive(Clone)]
struct Streams {
    bound: u32,
    /// Only callers with a stream open.
    open: Arc<Mutex<HashMap<Arc<str>, u32>>>,
}

/// A stream that counts while this is held.
pub struct OpenStream {
    caller: Arc<str>,
    open: Arc<Mutex<HashMap<Arc<str>, u32>>>,
}

impl Quotas {
    pub fn new(section: &config::Quota) -> Quotas {
        let rate = |per_second: u32| {
            let bound = NonZeroU32::new(per_second)?;
            let limiter = RateLimiter::keyed(governor::Quota::per_second(bound));
            Some(Rate {
                bound,
                limiter: Arc::new(limiter),
            })
        };
        Quotas {
            calls: rate(section.calls_per_second),
            items: rate(section.items_per_second),
            streams: (section.streams > 0).then(|| Streams {
                bound: section.streams,
                open: Arc::default(),
            }),
        }
    }

    /// Counts a call, or says that it is one too many.
    pub fn call(&self, caller: &Arc<str>) -> Result<(), Exceeded> {
        check(&self.calls, caller, What::Calls)
    }

    /// Counts an item, or says that it is one too many.
    pub fn item(&self, caller: &Arc<str>) -> Result<(), Exceeded> {
        check(&self.items, caller, What::Items)
    }

    /// Waits until the caller may send one more item, and counts it.
    pub async fn wait_for_item(&self, caller: &Arc<str>) {
        while let Err(exceeded) = self.item(caller) {
            tokio::time::sleep(exceeded.retry_after.unwrap_or(Duration::from_millis(100))).await;
        }
    }

    /// Counts a stream for as long as the answer is held; `None` where streams are not counted.
    pub fn stream(&self, caller: &Arc<str>) -> Result<Option<OpenStream>, Exceeded> {
        let Some(streams) = &self.streams else {
            return Ok(None);
        };
        let mut open = streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(caller.clone()).or_default();
        if *count >= streams.bound {
            return Err(Exceeded {
                what: What::Streams,
                bound: streams.bound,
                retry_after: None,
            });
        }
        *count += 1;
        Ok(Some(OpenStream {
            caller: caller.clone(),
            open: streams.open.clone(),
        }))
    }

    /// Forgets callers that have been silent, of whom nothing need be remembered.
    pub fn forget_silent(&self) {
        for rate in [&self.calls, &self.items].into_iter().flatten() {
            rate.limiter.retain_recent();
            rate.limiter.shrink_to_fit();
        }
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.caller);
            }
        }
    }
}

fn check(rate: &Option<Rate>, caller: &Arc<str>, what: What) -> Result<(), Exceeded> {
    let Some(rate) = rate else {
        return Ok(());
    };
    rate.limiter.check_key(caller).map_err(|until| Exceeded {
        what,
        bound: rate.bound.get(),
        retry_after: Some(until.wait_time_from(DefaultClock::default().now())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_its_own_and_gives_streams_back() {
        let quotas = Quotas::new(&config::Quota {
            calls_per_second: 2,
            items_per_second: 0,
            streams: 1,
        });
        let (one, two): (Arc<str>, Arc<str>) = ("one".into(), "two".into());
        assert!(quotas.call(&one).is_ok() && quotas.call(&one).is_ok());
        let refused = quotas.call(&one).unwrap_err();
        assert_eq!((refused.what, refused.bound), (What::Calls, 2));
        let wait = refused.retry_after.unwrap();
        assert!(
            wait > Duration::ZERO && wait <= Duration::from_millis(500),
            "{wait:?}"
        );
        assert!(quotas.call(&two).is_ok());
        for _ in 0..100 {
            assert!(quotas.item(&one).is_ok());
        }
        let held = quotas.stream(&one).unwrap();
        assert!(quotas.stream(&one).is_err() && quotas.stream(&two).is_ok());
        drop(held);
        assert!(quotas.stream(&one).is_ok());
        assert!(quotas.streams.unwrap().open.lock().unwrap().is_empty());
    }
}
