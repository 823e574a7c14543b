//! The encoder proper: pieces in, a vector a piece out.

use super::dense::{Dense, Multiplier, Scratch};
use super::file::File;
use super::wide::wide;
use crate::linguistics::pieces::SPELLINGS;
use crate::linguistics::weights::Error;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView;
use rten_vecmath::{ApproxGelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};
use std::ops::Range;

/// Rows of small numbers, each with what one unit stands for.
struct Table {
    width: usize,
    rows: Vec<i8>,
    scale: Vec<f32>,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

struct Layer {
    qkv: Dense,
    out: Dense,
    norm1: Norm,
    up: Dense,
    down: Dense,
    norm2: Norm,
}

/// The encoder's weights.
pub struct Encoder {
    width: usize,
    heads: usize,
    pieces: Table,
    positions: Table,
    spelling: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// Pieces of sentences, one behind the other.
#[derive(Default)]
pub struct Batch {
    pub pieces: Vec<u32>,
    /// For each piece, how its word is spelt.
    pub spelling: Vec<u8>,
    /// For each sentence, its pieces.
    pub sentences: Vec<Range<usize>>,
}

/// What a thread works with.
#[derive(Default)]
pub struct Buffers {
    pub multiplier: Multiplier,
    floats: GemmExecutor<f32, f32, f32>,
    pub scratch: Scratch,
    qkv: Vec<f32>,
    context: Vec<f32>,
    scores: Vec<f32>,
    part: Vec<f32>,
    out: Vec<f32>,
    inner: Vec<f32>,
}

/// Added to a variance before the root is taken.
const EPSILON: f32 = 1e-12;

impl Table {
    fn read(file: &File<'_>, name: &str, rows: usize, width: usize) -> Result<Self, Error> {
        Ok(Self {
            width,
            rows: file.safe.small(name, &[rows, width])?,
            scale: file.safe.floats(&format!("{name}.scale"), rows)?,
        })
    }

    #[inline(always)]
    fn add(&self, row: usize, to: &mut [f32]) {
        let scale = self.scale[row];
        let row = &self.rows[row * self.width..][..self.width];
        for (to, &x) in to.iter_mut().zip(row) {
            *to += f32::from(x) * scale;
        }
    }
}

impl Norm {
    fn read(file: &File<'_>, name: &str, width: usize) -> Result<Self, Error> {
        Ok(Self {
            weight: file.safe.floats(&format!("{name}.weight"), width)?,
            bias: file.safe.floats(&format!("{name}.bias"), width)?,
        })
    }

    /// Brings rows to a mean of 0 and a variance of 1, then scales each column.
    fn apply(&self, rows: &mut [f32]) {
        let width = self.weight.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = Sum::new(row).dispatch() / width as f32;
            let variance = SumSquareSub::new(row, mean).dispatch() / width as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + EPSILON).sqrt(),
                element_scale: Some(&self.weight),
                element_bias: Some(&self.bias),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }
}

impl Encoder {
    pub fn read(file: &File<'_>, multiplier: &Multiplier, pieces: usize) -> Result<Self, Error> {
        let c = &file.about;
        let w = c.width;
        let dense = |name: &str, outputs, inputs| -> Result<Dense, Error> {
            Ok(Dense::new(
                multiplier,
                &[file.dense(name, outputs, inputs)?],
            ))
        };
        let mut layers = Vec::with_capacity(c.layers);
        for i in 0..c.layers {
            let name = |part: &str| format!("layers.{i}.{part}");
            layers.push(Layer {
                qkv: dense(&name("qkv"), 3 * w, w)?,
                out: dense(&name("out"), w, w)?,
                norm1: Norm::read(file, &name("norm1"), w)?,
                up: dense(&name("up"), c.inner, w)?,
                down: dense(&name("down"), w, c.inner)?,
                norm2: Norm::read(file, &name("norm2"), w)?,
            });
        }
        Ok(Self {
            width: w,
            heads: c.heads,
            pieces: Table::read(file, "piece", pieces, w)?,
            positions: Table::read(file, "position", c.positions, w)?,
            spelling: file.safe.floats("spelling", SPELLINGS * w)?,
            norm: Norm::read(file, "norm", w)?,
            layers,
        })
    }

    /// Width of a vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The vectors of all pieces, one behind the other. A sentence's vectors don't depend on the sentences beside it.
    pub fn run(&self, batch: &Batch, b: &mut Buffers) -> Vec<f32> {
        let w = self.width;
        let mut x = vec![0.0; batch.pieces.len() * w];
        wide(|| {
            for sentence in &batch.sentences {
                for (position, at) in sentence.clone().enumerate() {
                    let row = &mut x[at * w..][..w];
                    self.pieces.add(batch.pieces[at] as usize, row);
                    self.positions.add(position, row);
                    let spelling = &self.spelling[usize::from(batch.spelling[at]) * w..][..w];
                    for (x, s) in row.iter_mut().zip(spelling) {
                        *x += s;
                    }
                }
            }
        });
        self.norm.apply(&mut x);
        for layer in &self.layers {
            layer
                .qkv
                .apply(&b.multiplier, &x, &mut b.qkv, &mut b.scratch);
            b.context.resize(x.len(), 0.0);
            for sentence in &batch.sentences {
                self.attend(sentence, b);
            }
            layer
                .out
                .apply(&b.multiplier, &b.context, &mut b.out, &mut b.scratch);
            add(&mut x, &b.out);
            layer.norm1.apply(&mut x);
            layer
                .up
                .apply(&b.multiplier, &x, &mut b.inner, &mut b.scratch);
            ApproxGelu {}.map_mut(&mut b.inner);
            layer
                .down
                .apply(&b.multiplier, &b.inner, &mut b.out, &mut b.scratch);
            add(&mut x, &b.out);
            layer.norm2.apply(&mut x);
        }
        x
    }

    /// Attention inside one sentence, head by head.
    fn attend(&self, sentence: &Range<usize>, b: &mut Buffers) {
        let (w, n) = (self.width, sentence.len());
        let size = w / self.heads;
        let stride = 3 * w;
        let rows = &b.qkv[sentence.start * stride..sentence.end * stride];
        b.scores.resize(n * n, 0.0);
        b.part.resize(n * size, 0.0);
        for head in 0..self.heads {
            let view = |part: usize, shape: [usize; 2], strides: [usize; 2]| {
                let from = part * w + head * size;
                NdTensorView::from_slice_with_strides(shape, &rows[from..], strides)
                    .expect("every row holds three vectors")
            };
            let q = view(0, [n, size], [stride, 1]);
            let k = view(1, [size, n], [1, stride]);
            let v = view(2, [n, size], [stride, 1]);
            let scaled = GemmOptions {
                alpha: 1.0 / (size as f32).sqrt(),
                ..GemmOptions::default()
            };
            let fits = "sizes fit by construction";
            let (a, k) = (GemmInputA::Unpacked(q), GemmInputB::Unpacked(k));
            b.floats.gemm(&mut b.scores, a, k, scaled).expect(fits);
            for row in b.scores.chunks_exact_mut(n) {
                Softmax::new_mut(row).dispatch();
            }
            let scores = NdTensorView::from_data([n, n], b.scores.as_slice());
            let (a, v) = (GemmInputA::Unpacked(scores), GemmInputB::Unpacked(v));
            b.floats
                .gemm(&mut b.part, a, v, GemmOptions::default())
                .expect(fits);
            for (i, part) in b.part.chunks_exact(size).enumerate() {
                let at = (sentence.start + i) * w + head * size;
                b.context[at..at + size].copy_from_slice(part);
            }
        }
    }
}

fn add(to: &mut [f32], from: &[f32]) {
    wide(|| {
        for (to, from) in to.iter_mut().zip(from) {
            *to += from;
        }
    });
}
