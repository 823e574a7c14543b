//! Layers of whole numbers: weights of seven bits, inputs of eight, sums without rounding.
//!
//! Weights are cut to ±63 so that a sum of two products fits 16 bits: processors without the dot product instruction
//! (AVX2 alone) then give the same sums as those with it. Inputs are scaled row by row, so a row's result doesn't depend
//! on the rows beside it. The products are made by `rten-gemm`, see docs/decisions/0005-encoder.md.

use super::wide::wide;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::SimdOp;
use rten_tensor::NdTensorView;
use rten_vecmath::MinMax;

/// Multiplies; each thread has one.
pub type Multiplier = GemmExecutor<u8, i8, i32>;

/// A linear layer with its bias.
pub struct Dense {
    inputs: usize,
    outputs: usize,
    packed: PackedBMatrix<i8>,
    /// What one unit of each output stands for, and the sum of its weights.
    scale: Vec<f32>,
    sum: Vec<i32>,
    bias: Vec<f32>,
}

/// A layer as the weights file has it: one row of weights an output.
pub struct Rows {
    pub inputs: usize,
    pub weights: Vec<i8>,
    pub scale: Vec<f32>,
    pub bias: Vec<f32>,
}

/// Buffers of a thread.
#[derive(Default)]
pub struct Scratch {
    input: Vec<u8>,
    /// Step and zero of each row.
    rows: Vec<(f32, i32)>,
    sums: Vec<i32>,
}

/// Most rows that are multiplied at once: beyond that the sums leave the cache.
const ROWS: usize = 128;

impl Dense {
    /// Joins layers with the same inputs into one, side by side.
    pub fn new(multiplier: &Multiplier, parts: &[Rows]) -> Self {
        let inputs = parts[0].inputs;
        let weights: Vec<i8> = parts
            .iter()
            .flat_map(|p| p.weights.iter().copied())
            .collect();
        let outputs = weights.len() / inputs;
        let sum = weights
            .chunks_exact(inputs)
            .map(|row| row.iter().map(|&w| i32::from(w)).sum())
            .collect();
        let matrix = NdTensorView::from_data([outputs, inputs], weights.as_slice());
        Self {
            inputs,
            outputs,
            packed: multiplier.prepack_b(matrix.transposed()),
            scale: parts.iter().flat_map(|p| p.scale.iter().copied()).collect(),
            sum,
            bias: parts.iter().flat_map(|p| p.bias.iter().copied()).collect(),
        }
    }

    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Applies the layer to rows of inputs, one behind the other.
    pub fn apply(
        &self,
        multiplier: &Multiplier,
        input: &[f32],
        output: &mut Vec<f32>,
        scratch: &mut Scratch,
    ) {
        output.resize(input.len() / self.inputs * self.outputs, 0.0);
        let rows = input.chunks(ROWS * self.inputs);
        for (input, output) in rows.zip(output.chunks_mut(ROWS * self.outputs)) {
            self.quantise(input, scratch);
            let n = scratch.rows.len();
            scratch.sums.resize(n * self.outputs, 0);
            let a = NdTensorView::from_data([n, self.inputs], scratch.input.as_slice());
            multiplier
                .gemm(
                    &mut scratch.sums,
                    GemmInputA::Unpacked(a),
                    GemmInputB::Packed(&self.packed),
                    GemmOptions::default(),
                )
                .expect("sizes were checked when the weights were loaded");
            let rows = scratch.rows.iter();
            let rows = rows.zip(scratch.sums.chunks_exact(self.outputs));
            wide(|| {
                for ((&(step, zero), sums), out) in rows.zip(output.chunks_exact_mut(self.outputs))
                {
                    self.scale_row(step, zero, sums, out);
                }
            });
        }
    }

    #[inline(always)]
    fn scale_row(&self, step: f32, zero: i32, sums: &[i32], out: &mut [f32]) {
        let columns = self.scale.iter().zip(&self.sum).zip(&self.bias);
        for ((out, &acc), ((&scale, &sum), &bias)) in out.iter_mut().zip(sums).zip(columns) {
            *out = (acc - zero * sum) as f32 * (step * scale) + bias;
        }
    }

    /// Spreads each row over 0 to 255, its zero kept exact.
    fn quantise(&self, input: &[f32], scratch: &mut Scratch) {
        scratch.input.resize(input.len(), 0);
        scratch.rows.clear();
        let rows = input.chunks_exact(self.inputs);
        for (row, out) in rows.zip(scratch.input.chunks_exact_mut(self.inputs)) {
            let (low, high) = MinMax::new(row).dispatch();
            let (low, high) = (low.min(0.0), high.max(0.0));
            let step = ((high - low) / 255.0).max(f32::MIN_POSITIVE);
            let inverse = 1.0 / step;
            let zero = (-low * inverse).round_ties_even().clamp(0.0, 255.0);
            wide(|| quantise_row(row, out, inverse, zero));
            scratch.rows.push((step, zero as i32));
        }
    }
}

/// Rounds to the nearest: a number of 23 bits and more has no room for a fraction, so that adding it does the rounding,
/// and the whole number stands in the lowest bits.
#[inline(always)]
fn quantise_row(row: &[f32], out: &mut [u8], inverse: f32, zero: f32) {
    const ROUNDING: f32 = 8_388_608.0;
    for (out, x) in out.iter_mut().zip(row) {
        let value = (x * inverse + zero).clamp(0.0, 255.0);
        *out = (value + ROUNDING).to_bits() as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INPUTS: usize = 48;

    fn layer(weights: &[i8]) -> (Rows, usize) {
        let outputs = weights.len() / INPUTS;
        let rows = Rows {
            inputs: INPUTS,
            weights: weights.to_vec(),
            scale: (0..outputs).map(|i| 0.01 + 0.001 * i as f32).collect(),
            bias: (0..outputs).map(|i| i as f32 - 3.0).collect(),
        };
        (rows, outputs)
    }

    /// The layer in numbers of 64 bits, without rounding, and the most that rounding the inputs may have changed.
    fn exactly(rows: &Rows, input: &[f32], output: usize) -> (f64, f64) {
        let weights = &rows.weights[output * INPUTS..][..INPUTS];
        let scale = f64::from(rows.scale[output]);
        let sum: f64 = weights
            .iter()
            .zip(input)
            .map(|(&w, &x)| f64::from(w) * f64::from(x))
            .sum();
        let range = |x: f32| f64::from(input.iter().fold(0.0f32, |m, &y| m.max(y * x)));
        let step = (range(1.0) + range(-1.0)) / 255.0;
        let most: f64 = weights.iter().map(|&w| f64::from(w).abs()).sum();
        (
            scale * sum + f64::from(rows.bias[output]),
            scale * most * step + 1e-3,
        )
    }

    proptest! {
        #[test]
        fn whole_numbers_come_as_close_as_their_steps(
            weights in proptest::collection::vec(-63i8..=63, INPUTS * 40),
            input in proptest::collection::vec(-8.0f32..8.0, INPUTS * 3),
        ) {
            let multiplier = Multiplier::default();
            let (rows, outputs) = layer(&weights);
            let (same, _) = layer(&weights);
            let dense = Dense::new(&multiplier, &[rows]);
            let (mut all, mut scratch) = (Vec::new(), Scratch::default());
            dense.apply(&multiplier, &input, &mut all, &mut scratch);
            prop_assert_eq!(all.len(), 3 * outputs);
            for (i, row) in input.chunks(INPUTS).enumerate() {
                for output in 0..outputs {
                    let (exact, off) = exactly(&same, row, output);
                    let found = f64::from(all[i * outputs + output]);
                    prop_assert!((found - exact).abs() <= off, "{} instead of {} ± {}", found, exact, off);
                }
                // By itself a row gives the same, to the last bit.
                let mut alone = Vec::new();
                dense.apply(&multiplier, row, &mut alone, &mut scratch);
                prop_assert_eq!(&alone[..], &all[i * outputs..][..outputs]);
            }
        }
    }
}
