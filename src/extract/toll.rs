//! Tolls that a sentence adds to what the one before it told: "Gunmen attacked a post. Four of them were killed."

use super::quantity::{self, Counted};
use crate::model::{Category, QuantityRole, Report};

/// Gives the dead, wounded and captured of a sentence without an event of its own to the fighting that the sentence before
/// told: its last event of war first.
pub fn goes_on<'a>(
    mut told: impl Iterator<Item = &'a mut Report>,
    counted: Vec<Counted>,
    military: bool,
) {
    let people = |c: &Counted| {
        matches!(
            c.quantity.role,
            QuantityRole::Killed | QuantityRole::Wounded | QuantityRole::Captured
        )
    };
    let tolls: Vec<_> = counted.into_iter().filter(people).collect();
    if tolls.is_empty() || !military {
        return;
    }
    if let Some(report) = told.find(|r| r.category == Category::Military) {
        let tolls: Vec<_> = tolls.into_iter().map(|c| c.quantity).collect();
        quantity::merge(&mut report.quantities, &tolls);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Quantity;

    fn four(role: QuantityRole) -> Counted {
        Counted {
            quantity: Quantity {
                value: 4.0,
                unit: "militant".to_owned(),
                role,
                ..Quantity::default()
            },
            head: 1,
            governor: 2,
        }
    }

    #[test]
    fn the_dead_of_the_next_sentence_belong_to_the_fight() {
        let mut reports = [
            Report {
                category: Category::Military,
                ..Report::default()
            },
            Report {
                category: Category::Diplomatic,
                ..Report::default()
            },
        ];
        let add = |reports: &mut [Report], role, military| {
            goes_on(reports.iter_mut().rev(), vec![four(role)], military);
        };
        add(&mut reports, QuantityRole::Other, true);
        add(&mut reports, QuantityRole::Killed, false);
        assert!(reports[0].quantities.is_empty());
        add(&mut reports, QuantityRole::Killed, true);
        assert_eq!(reports[0].quantities[0].value, 4.0);
        assert!(reports[1].quantities.is_empty());
    }
}
