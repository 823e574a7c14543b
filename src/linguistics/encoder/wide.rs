//! Runs plain loops with the widest vectors that the processor has.

use rten_simd::{Isa, SimdOp};

/// Runs `loops`, compiled once for each kind of processor: the loops inside become vector code. Their results are the
/// same with any width, because nothing in them is reordered.
pub fn wide<R>(loops: impl FnOnce() -> R) -> R {
    Loops(loops).dispatch()
}

struct Loops<F>(F);

impl<R, F: FnOnce() -> R> SimdOp for Loops<F> {
    type Output = R;

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) -> R {
        (self.0)()
    }
}

/// Sum of products, in sixteen lanes.
#[inline(always)]
pub fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (mut xs, mut ys) = (x.chunks_exact(16), y.chunks_exact(16));
    for (x, y) in xs.by_ref().zip(ys.by_ref()) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    let rest = xs.remainder().iter().zip(ys.remainder());
    lanes.iter().sum::<f32>() + rest.map(|(x, y)| x * y).sum::<f32>()
}
