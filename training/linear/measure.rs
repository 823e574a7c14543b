//! Prints the figures of the embedded models on treebanks:
//! `cargo run --release --example measure_linear -- a.conllu b.conllu`.

use anyhow::Context;
use sitrep::linguistics::{Linguistics, evaluate, segmentation};

fn main() -> anyhow::Result<()> {
    let linguistics = Linguistics::embedded()?;
    for path in std::env::args().skip(1) {
        let file = std::fs::read_to_string(&path).with_context(|| path.clone())?;
        let figures = evaluate(&linguistics, &file)?;
        let cut = segmentation(&linguistics, &file)?;
        println!("{path}: {figures}");
        println!(
            "{path}: raw text: tokens F1 {:.2}, sentences F1 {:.2}",
            100.0 * cut.tokens,
            100.0 * cut.sentences
        );
    }
    Ok(())
}
