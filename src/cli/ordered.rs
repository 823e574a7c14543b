//! Work on many cores, answers in the order of the questions, memory bounded.

use super::sources::Flow;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Questions under way per worker: enough that none waits while the slowest of them is answered.
const AHEAD: usize = 4;

/// Stack of a worker. Markup and trees nest; their bounds are far below what this holds.
const STACK: usize = 8 * 1024 * 1024;

/// Feeds what `read` finds to `jobs` threads that run `work`, and hands the answers to `write` on this thread, in the order in
/// which they were read. `write` is also told whether the next answer is at hand already (if not, it had better flush).
///
/// Returns when everything is written, or at once on an error of `read` or `write`; threads that still run then are left to
/// themselves, as they may be waiting for input that never comes.
pub fn run<Q, A>(
    jobs: usize,
    read: impl FnOnce(&mut dyn FnMut(Q) -> Flow) -> anyhow::Result<()> + Send + 'static,
    work: impl Fn(Q) -> A + Send + Sync + 'static,
    mut write: impl FnMut(A, bool) -> anyhow::Result<()>,
) -> anyhow::Result<()>
where
    Q: Send + 'static,
    A: Send + 'static,
{
    let (questions, open) = sync_channel::<(Q, SyncSender<A>)>(jobs);
    // Places in the order of output, each filled by the worker that has its question.
    let (places, order) = sync_channel::<Receiver<A>>(jobs * AHEAD);
    let open = Arc::new(Mutex::new(open));
    let work = Arc::new(work);
    for _ in 0..jobs {
        let (open, work) = (Arc::clone(&open), Arc::clone(&work));
        thread::Builder::new()
            .name("reader".into())
            .stack_size(STACK)
            .spawn(move || {
                loop {
                    // Held only while waiting for a question, never while answering it.
                    let next = open.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((question, answer)) = next else { break };
                    let _ = answer.send(work(question));
                }
            })?;
    }
    let reading = thread::spawn(move || {
        read(&mut |question| {
            let (answer, place) = sync_channel(1);
            let gone = places.send(place).is_err() || questions.send((question, answer)).is_err();
            if gone { Flow::Stop } else { Flow::GoOn }
        })
    });
    let mut waiting = order.recv().ok();
    while let Some(place) = waiting.take() {
        let answer = place
            .recv()
            .map_err(|_| anyhow::anyhow!("a worker ended without an answer"))?;
        // Look ahead without waiting, so that what is written can be flushed before waiting.
        match order.try_recv() {
            Ok(next) => {
                write(answer, true)?;
                waiting = Some(next);
            }
            Err(TryRecvError::Empty) => {
                write(answer, false)?;
                waiting = order.recv().ok();
            }
            Err(TryRecvError::Disconnected) => write(answer, false)?,
        }
    }
    reading
        .join()
        .map_err(|_| anyhow::anyhow!("reading the inputs failed"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_order_however_long_each_takes() {
        let mut answers = Vec::new();
        run(
            4,
            |each| {
                (0..200u64).for_each(|n| assert_eq!(each(n), Flow::GoOn));
                Ok(())
            },
            |n| {
                thread::sleep(std::time::Duration::from_micros((n * 7919) % 900));
                n * 2
            },
            |answer, _| {
                answers.push(answer);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(answers, (0..200).map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_of_the_writer_ends_it_and_stops_the_reader() {
        let ended = run(
            2,
            |each| {
                while each(0) == Flow::GoOn {}
                Ok(())
            },
            |n: u64| n,
            |_, _| anyhow::bail!("full"),
        );
        assert_eq!(ended.unwrap_err().to_string(), "full");
    }
}
