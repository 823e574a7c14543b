//! Cuts raw text into sentences and words as the service does, for the recipes in `training/`.
//!
//! A JSON object a line on standard input, of which `text` is read; the same object a line on standard output, with
//! `sentences`: `start` and `end` in bytes of the text, and `words`.
//!
//! ```text
//! cargo run --release --example sentences < items.jsonl > sentences.jsonl
//! ```

use anyhow::Context;
use serde_json::{Value, json};
use sitrep::linguistics::{Linguistics, Profile};
use std::io::{BufRead, Write};

fn main() -> anyhow::Result<()> {
    let linguistics = Linguistics::embedded(Profile::default())?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let mut item: Value = serde_json::from_str(&line?)?;
        let text = item["text"]
            .as_str()
            .context("expected \"text\" as a string")?;
        let document = linguistics.cut(text, std::slice::from_ref(&(0..text.len())));
        let tokens = &document.tokens;
        let sentences = document.sentences.iter().map(|s| {
            let words: Vec<&str> = s.clone().map(|i| document.form(i)).collect();
            json!({"start": tokens.start[s.start], "end": tokens.end[s.end - 1], "words": words})
        });
        item["sentences"] = sentences.collect();
        writeln!(out, "{item}")?;
    }
    Ok(out.flush()?)
}
