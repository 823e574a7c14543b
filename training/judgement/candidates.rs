//! Prints what spoke for and against every candidate event, for `fit.py`.
//!
//! `candidates WEIGHTS < items.jsonl`: items with `id`, `date` and `text`, one a line, and the weights of an encoder with
//! heads for events; a JSON object an item on standard output: `id`, and `candidates` with `type`, `start` and `end` (in
//! characters of the text), `accepted`, `confidence` and `features`.

use anyhow::Context;
use serde_json::{Value, json};
use sitrep::engine::Engine;
use sitrep::lexicon::Files;
use sitrep::linguistics::Linguistics;
use sitrep::model::{Body, NewsItem};
use std::io::{BufRead, Write};

fn main() -> anyhow::Result<()> {
    let weights = std::env::args().nth(1);
    let weights = weights.context("expected a file of weights, found no argument")?;
    let linguistics = Linguistics::with_weights(&std::fs::read(&weights)?)?;
    let engine = Engine::with_linguistics(&Files::embedded(), linguistics)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let item: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| {
            let value = item[key].as_str();
            value.with_context(|| format!("expected \"{key}\" as a string"))
        };
        let news = NewsItem {
            item_id: text("id")?.to_owned(),
            source: "training".to_owned(),
            body: Body::Text(text("text")?.to_owned()),
            language: "en".to_owned(),
            published_at: format!("{}T12:00:00Z", text("date")?).parse().ok(),
            version: 1,
            url: String::new(),
            title: String::new(),
        };
        let (_, explanation) = engine.explain(&news);
        let candidates = explanation.candidates.iter().filter_map(|c| {
            let features = c.voices?.features()?;
            Some(json!({
                "type": c.event_type, "start": c.trigger.start, "end": c.trigger.end,
                "accepted": c.accepted, "confidence": c.score, "features": features,
                "why": c.steps.last(),
            }))
        });
        let candidates: Vec<Value> = candidates.collect();
        writeln!(
            out,
            "{}",
            json!({"id": item["id"], "candidates": candidates})
        )?;
    }
    Ok(out.flush()?)
}
