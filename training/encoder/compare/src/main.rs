//! Pieces a second of MiniLM-L6 on one thread, in three libraries: which of them should carry the encoder?
//!
//! `prepare.py FOLDER` writes the model as each library wants it, and sentences in pieces; then
//! `RAYON_NUM_THREADS=1 RTEN_NUM_THREADS=1 cargo run --release -- FOLDER [candle|rten|rten-int8|tract]…`.

use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// Sentences of one length, a row each.
struct Batch {
    rows: usize,
    length: usize,
    pieces: Vec<i64>,
}

/// Sentences of like length are put together as far as `rows` go; shorter ones are padded, so that all pay alike.
fn batches(sentences: &[Vec<i64>], rows: usize) -> Vec<Batch> {
    let mut sorted: Vec<&Vec<i64>> = sentences.iter().collect();
    sorted.sort_by_key(|s| s.len());
    sorted
        .chunks(rows)
        .map(|chunk| {
            let length = chunk.iter().map(|s| s.len()).max().unwrap_or(1);
            let mut pieces = Vec::new();
            for s in chunk {
                pieces.extend(s.iter());
                pieces.resize(pieces.len() + length - s.len(), 0);
            }
            Batch {
                rows: chunk.len(),
                length,
                pieces,
            }
        })
        .collect()
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(arguments.first().context("expected a folder")?);
    let sentences: Vec<Vec<i64>> =
        serde_json::from_slice(&std::fs::read(folder.join("pieces.json"))?)?;
    let total: usize = sentences.iter().map(Vec::len).sum();
    for library in &arguments[1..] {
        for rows in [1, 4, 16] {
            let batches = batches(&sentences, rows);
            let mut run = runner(library, folder)?;
            run(&batches[0])?;
            let begin = Instant::now();
            for batch in &batches {
                run(batch)?;
            }
            let pace = total as f64 / begin.elapsed().as_secs_f64();
            println!("{library}: {rows} sentences at once, {pace:.0} pieces a second");
        }
    }
    Ok(())
}

type Run = Box<dyn FnMut(&Batch) -> Result<()>>;

fn runner(library: &str, folder: &Path) -> Result<Run> {
    match library {
        "candle" => candle(folder),
        "rten" => rten(&folder.join("model.onnx")),
        "rten-int8" => rten(&folder.join("model.int8.onnx")),
        "tract" => tract(&folder.join("model.onnx")),
        other => anyhow::bail!("expected candle, rten, rten-int8 or tract, found {other}"),
    }
}

fn candle(folder: &Path) -> Result<Run> {
    use candle_core::{DType, Device, Tensor};
    use candle_transformers::models::bert::{BertModel, Config};
    let config: Config = serde_json::from_slice(&std::fs::read(folder.join("config.json"))?)?;
    let bytes = std::fs::read(folder.join("model.safetensors"))?;
    let weights =
        candle_nn::VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)?;
    let model = BertModel::load(weights, &config)?;
    Ok(Box::new(move |b| {
        let shape = (b.rows, b.length);
        let ids = Tensor::from_slice(&b.pieces, shape, &Device::Cpu)?;
        let types = ids.zeros_like()?;
        let mask = ids.ne(0i64)?.to_dtype(DType::F32)?;
        model.forward(&ids, &types, Some(&mask))?;
        Ok(())
    }))
}

fn rten(path: &Path) -> Result<Run> {
    use rten::{Model, RunOptions, ThreadPool};
    use rten_tensor::{AsView, NdTensor};
    let model = Model::load_file(path)?;
    let pool = std::sync::Arc::new(ThreadPool::with_num_threads(1));
    Ok(Box::new(move |b| {
        let shape = [b.rows, b.length];
        let ids: Vec<i32> = b.pieces.iter().map(|&p| p as i32).collect();
        let mask: Vec<i32> = ids.iter().map(|&p| i32::from(p != 0)).collect();
        let ids = NdTensor::from_data(shape, ids);
        let mask = NdTensor::from_data(shape, mask);
        let inputs = vec![
            (model.node_id("input_ids")?, ids.view().into()),
            (model.node_id("attention_mask")?, mask.view().into()),
        ];
        let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
        model.run(inputs, model.output_ids(), Some(options))?;
        Ok(())
    }))
}

fn tract(path: &Path) -> Result<Run> {
    use tract_onnx::prelude::*;
    let mut model = tract_onnx::onnx().model_for_path(path)?;
    let (s, t) = (model.symbols.sym("S"), model.symbols.sym("T"));
    for i in 0..2 {
        let fact = i64::fact(&[s.to_dim(), t.to_dim()]);
        model = model.with_input_fact(i, fact.into())?;
    }
    let model = model.into_optimized()?.into_runnable()?;
    Ok(Box::new(move |b| {
        let ids = tract_ndarray::Array2::from_shape_vec((b.rows, b.length), b.pieces.clone())?;
        let mask = ids.mapv(|p| i64::from(p != 0));
        model.run(tvec!(Tensor::from(ids).into(), Tensor::from(mask).into()))?;
        Ok(())
    }))
}
