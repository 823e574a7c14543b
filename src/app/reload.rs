//! What is looked at from time to time: files of certificates and credentials, the issuer's keys, silent callers.

use crate::access::{Access, Quotas, Reload, ServerTls, Watched};
use crate::telemetry::Metrics;
use crate::telemetry::metrics::Reloaded;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// What there is to look at.
pub(super) struct Rounds {
    pub access: Arc<Access>,
    pub tls: Option<Arc<Watched<ServerTls>>>,
    pub quotas: Quotas,
    pub metrics: Arc<Metrics>,
    pub every: Duration,
    /// Looks at once, as on SIGHUP.
    pub now: Arc<Notify>,
}

impl Rounds {
    /// Goes on until it is dropped. Cancel: between two rounds, nothing is left half done. Error: told, and what was there
    /// stays.
    pub async fn run(self) {
        let rounds = async {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(self.every) => {}
                    () = self.now.notified() => tracing::info!("reading certificates and credentials again"),
                }
                self.once().await;
            }
        };
        let keys = self.access.refresh(|outcome| {
            if let Err(error) = &outcome {
                tracing::warn!(error, "the keys of the issuer can't be fetched");
            }
            self.count("jwks", outcome.is_ok());
        });
        tokio::join!(rounds, keys);
    }

    async fn once(&self) {
        let mut files = self.access.files();
        if let Some(tls) = &self.tls {
            files.push(("certificates", tls.clone()));
        }
        for (what, file) in files {
            // A disk may be slow, and a key takes a moment to read.
            let looked = tokio::task::spawn_blocking(move || Reload::reload(&*file)).await;
            match looked {
                Ok(None) => {}
                Ok(Some(Ok(()))) => {
                    tracing::info!(what, "read again after a change");
                    self.count(what, true);
                }
                Ok(Some(Err(error))) => {
                    tracing::error!(what, %error, "can't be used; what was read before stays");
                    self.count(what, false);
                }
                Err(_) => self.count(what, false),
            }
        }
        self.note_certificate();
        self.quotas.forget_silent();
    }

    /// Says when the certificate ends.
    pub fn note_certificate(&self) {
        let until = self
            .tls
            .as_ref()
            .map_or(0, |t| t.current().until.as_second());
        self.metrics.certificate_until.set(until);
    }

    fn count(&self, what: &'static str, is_good: bool) {
        let outcome = if is_good { "ok" } else { "failed" };
        self.metrics
            .reloads
            .get_or_create(&Reloaded { what, outcome })
            .inc();
    }
}
