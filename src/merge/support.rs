//! Independent voices, and how much support a value has among them.

use super::actor::{SAME, alike};
use super::text::Wording;
use super::time::told;
use crate::model::{Actor, Report};

/// Reports of one event by voice: those of one owner or agency, or copies of one text, speak with one voice.
pub(super) struct Voices<'a>(Vec<Vec<&'a Report>>);

/// Reports of one voice that are heard: the latest ones. What a source wrote a hundred times is not read a hundred times.
const HEARD: usize = 4;
/// Voices that are heard at all, which bounds the work on an event that everybody tells.
const MOST_VOICES: usize = 60;

impl<'a> Voices<'a> {
    /// `labels[i]` tells whose voice `reports[i]` is.
    pub(super) fn new(reports: &'a [Report], labels: &[u32]) -> Self {
        let mut order: Vec<(u32, &Report)> = labels.iter().copied().zip(reports).collect();
        order.sort_by(|(label_a, a), (label_b, b)| {
            label_a
                .cmp(label_b)
                .then(told(b).cmp(&told(a)))
                .then_with(|| a.item_id.cmp(&b.item_id))
        });
        let mut voices: Vec<(u32, Vec<&Report>)> = Vec::new();
        for (label, report) in order {
            if let Some((last, heard)) = voices.last_mut()
                && *last == label
            {
                if heard.len() < HEARD {
                    heard.push(report);
                }
            } else if voices.len() < MOST_VOICES {
                voices.push((label, vec![report]));
            } else {
                break;
            }
        }
        Self(voices.into_iter().map(|(_, heard)| heard).collect())
    }

    /// Sum over the voices of the surest report that `says` holds for.
    pub(super) fn support(&self, says: impl Fn(&Report) -> bool) -> f64 {
        let surest = |voice: &Vec<&Report>| {
            voice
                .iter()
                .filter(|r| says(r))
                .map(|r| weight(r))
                .fold(0.0, f64::max)
        };
        self.0.iter().map(surest).sum()
    }

    /// All reports that are heard.
    pub(super) fn reports(&self) -> impl Iterator<Item = &'a Report> {
        self.0.iter().flatten().copied()
    }

    /// The surest report of each voice by `worth`.
    pub(super) fn surest(&self, worth: impl Fn(&Report) -> f64) -> Vec<f64> {
        self.0
            .iter()
            .map(|voice| voice.iter().map(|r| worth(r)).fold(0.0, f64::max))
            .collect()
    }

    /// The single report, if there is just one.
    pub(super) fn only(&self) -> Option<&'a Report> {
        match self.0.as_slice() {
            [voice] if voice.len() == 1 => Some(voice[0]),
            _ => None,
        }
    }

    /// Reports in an order that depends on what they are, not on when they came: surest, earliest, by item.
    pub(super) fn ranked(&self) -> Vec<&'a Report> {
        let mut reports: Vec<&Report> = self.reports().collect();
        reports.sort_by(|a, b| {
            b.confidence
                .total_cmp(&a.confidence)
                .then(told(a).cmp(&told(b)))
                .then_with(|| a.item_id.cmp(&b.item_id))
        });
        reports
    }

    /// The best supported of the values that `value` reads from reports; `same(v, report)` tells who supports it and
    /// `finer` breaks ties.
    pub(super) fn best<T>(
        &self,
        value: impl Fn(&'a Report) -> Option<&'a T>,
        same: impl Fn(&T, &Report) -> bool,
        finer: impl Fn(&T) -> i32,
    ) -> Option<&'a T> {
        let mut best: Option<(f64, i32, &T)> = None;
        for candidate in self.ranked().into_iter().filter_map(value) {
            let score = (self.support(|r| same(candidate, r)), finer(candidate));
            if best.is_none_or(|(support, fine, _)| better(score, (support, fine))) {
                best = Some((score.0, score.1, candidate));
            }
        }
        best.map(|(_, _, value)| value)
    }

    /// The best supported list of actors that `list` reads from reports. An actor in it counts for the list as far as
    /// more than two fifths of the voices name it, and against it otherwise.
    pub(super) fn best_actors(&self, list: impl Fn(&Report) -> Vec<Actor>) -> Vec<Actor> {
        let told: Vec<Vec<(f64, Vec<Actor>)>> = self
            .0
            .iter()
            .map(|voice| voice.iter().map(|r| (weight(r), list(r))).collect())
            .collect();
        let support = |says: &dyn Fn(&[Actor]) -> bool| -> f64 {
            let surest = |voice: &Vec<(f64, Vec<Actor>)>| {
                voice
                    .iter()
                    .filter(|(_, actors)| says(actors))
                    .map(|(w, _)| *w)
                    .fold(0.0, f64::max)
            };
            told.iter().map(surest).sum()
        };
        let telling = support(&|actors| !actors.is_empty());
        let mut seen: Vec<Vec<Actor>> = Vec::new();
        let mut best: Option<(f64, usize)> = None;
        for candidate in self.ranked().into_iter().map(&list) {
            if candidate.is_empty() || seen.iter().any(|other| same_actors(other, &candidate)) {
                continue;
            }
            let named = |actor: &Actor, as_much: f64| {
                support(&|actors| actors.iter().any(|a| alike(a, actor) >= as_much))
            };
            // Those who name the very same actor decide between a state and its parts.
            let score = candidate
                .iter()
                .map(|a| named(a, SAME) + named(a, 1.0) / 20.0 - 0.4 * telling)
                .sum::<f64>();
            if best.is_none_or(|(other, _)| score > other + 1e-9) {
                best = Some((score, seen.len()));
            }
            seen.push(candidate);
        }
        best.map(|(_, i)| seen.swap_remove(i)).unwrap_or_default()
    }

    /// Who says what a report says: the claimant, else the source.
    pub(super) fn said_by(report: &Report) -> String {
        match &report.attribution {
            Some(actor) if !actor.name.is_empty() => actor.name.clone(),
            Some(actor) if !actor.surface.is_empty() => actor.surface.clone(),
            _ if report.source.is_empty() => report.item_id.clone(),
            _ => report.source.clone(),
        }
    }
}

/// True if two lists name the same actors, wherever the words stood.
pub(super) fn same_actors(a: &[Actor], b: &[Actor]) -> bool {
    let same = |x: &Actor, y: &Actor| {
        (&x.id, &x.name, x.kind, &x.country, &x.role)
            == (&y.id, &y.name, y.kind, &y.country, &y.role)
    };
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y))
}

fn better(a: (f64, i32), b: (f64, i32)) -> bool {
    a.0 > b.0 + 1e-9 || (a.0 > b.0 - 1e-9 && a.1 > b.1)
}

/// What a report counts when values are weighed: its confidence, a little at least.
pub(super) fn weight(report: &Report) -> f64 {
    report.confidence.clamp(0.05, 1.0)
}

/// Labels each report with its voice: the smallest index of a report with the same origin or of which it is a copy.
pub(super) fn labels(reports: &[Report], wordings: &[&Wording], copy: f64) -> Vec<u32> {
    let mut labels = Vec::with_capacity(reports.len());
    for i in 0..reports.len() {
        add_label(&mut labels, &reports[..=i], &wordings[..=i], copy);
    }
    labels
}

/// Labels the last report, given labels of all before it; voices that it connects become one.
pub(super) fn add_label(
    labels: &mut Vec<u32>,
    reports: &[Report],
    wordings: &[&Wording],
    copy: f64,
) {
    let i = labels.len();
    let mut label = i as u32;
    labels.push(label);
    for j in 0..i {
        if labels[j] == label {
            continue;
        }
        let one_origin = !reports[i].origin.is_empty() && reports[i].origin == reports[j].origin;
        if one_origin || wordings[i].is_copy(wordings[j], copy) {
            let (low, high) = (label.min(labels[j]), label.max(labels[j]));
            for l in labels.iter_mut().filter(|l| **l == high) {
                *l = low;
            }
            label = low;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{report, state};
    use super::*;

    const COPY: &str = "Russia launched 49 attack drones and two ballistic missiles at Ukraine overnight, killing three";

    fn labelled(reports: &[Report]) -> Vec<u32> {
        let wordings: Vec<Wording> = reports
            .iter()
            .map(|r| Wording::read(&r.evidence.text))
            .collect();
        labels(reports, &wordings.iter().collect::<Vec<_>>(), 0.6)
    }

    #[test]
    fn copies_and_one_owners_outlets_are_one_voice_however_they_come() {
        let a = report("x", "a")
            .source("a")
            .says("One telling of the night's attack")
            .build();
        let b = report("x", "b").source("b").says(COPY).build();
        let c = report("x", "c").source("c").says(COPY).build();
        // Of a's owner, with the copied text: it connects all three.
        let d = report("x", "d").source("a").says(COPY).build();
        assert_eq!(labelled(&[a.clone(), b.clone(), c.clone()]), [0, 1, 1]);
        assert_eq!(
            labelled(&[a.clone(), b.clone(), c.clone(), d.clone()]),
            [0, 0, 0, 0]
        );
        assert_eq!(labelled(&[d, c, b, a]), [0, 0, 0, 0]);
    }

    #[test]
    fn a_name_that_one_of_three_voices_adds_does_not_stand() {
        let [us, uk] = [
            state("USA", "United States"),
            state("GBR", "United Kingdom"),
        ];
        let reports = [
            report("x", "a").by(us.clone()).build(),
            report("x", "b").by(us.clone()).build(),
            report("x", "c").by(us.clone()).by(uk.clone()).build(),
        ];
        let names = |voices: &Voices<'_>| -> Vec<String> {
            let actors = voices.best_actors(|r| r.initiators.clone());
            actors.into_iter().map(|a| a.name).collect()
        };
        let voices = Voices::new(&reports, &[0, 1, 2]);
        assert_eq!(names(&voices), ["United States"]);
        // Of two voices either may be the fuller one.
        let voices = Voices::new(&reports[1..], &[0, 1]);
        assert_eq!(names(&voices), ["United States", "United Kingdom"]);
    }

    #[test]
    fn a_voice_counts_once_however_often_it_speaks() {
        let reports: Vec<Report> = (0..9)
            .map(|i| report("x", &format!("i{i}")).sure(0.5).build())
            .collect();
        let voices = Voices::new(&reports, &[0, 0, 0, 0, 0, 0, 0, 0, 8]);
        assert_eq!(voices.support(|_| true), 1.0);
    }
}
