//! How far two places may be one.

use super::text::same_name;
use crate::model::{Category, Location, PlacePrecision, Point, Report};

/// Kilometres within which two towns may be told for one another.
const NEAR_KM: f64 = 25.0;
/// Kilometres beyond which two points are two places.
const FAR_KM: f64 = 60.0;
/// Kilometres from the middle of a region within which a town may lie in it.
const REGION_KM: f64 = 200.0;

/// The place of a report, unless it is just the doer's own country: where an attack came from is easily taken for where it
/// went.
pub(super) fn of(report: &Report) -> Option<&Location> {
    let own = |place: &Location| {
        place.precision == PlacePrecision::Country
            && report.category == Category::Military
            && report
                .initiators
                .iter()
                .any(|actor| actor.country == place.country)
    };
    report.location.as_ref().filter(|place| !own(place))
}

/// What two places have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Nearness {
    /// They can be the same place; how telling that is, 0 to 1: a shared town is worth more than a shared country.
    Compatible(f64),
    /// They can't.
    Apart,
}

/// Compares two places.
pub(super) fn compare(a: &Location, b: &Location) -> Nearness {
    use Nearness::{Apart, Compatible};
    let km = match (a.point, b.point) {
        (Some(a), Some(b)) => Some(distance_km(a, b)),
        _ => None,
    };
    if same(a, b) {
        return Compatible(worth(a.precision));
    }
    let two_countries = !a.country.is_empty() && !b.country.is_empty() && a.country != b.country;
    let (coarse, fine) = if size(a.precision) >= size(b.precision) {
        (a, b)
    } else {
        (b, a)
    };
    match coarse.precision {
        PlacePrecision::Region => {
            let stranger = !coarse.country.is_empty() && two_countries;
            if stranger && km.is_none_or(|km| km > REGION_KM) {
                Apart
            } else {
                Compatible(0.35)
            }
        }
        _ if two_countries => match km {
            // Border towns are told for either side.
            Some(km) if km <= NEAR_KM && is_point(fine) && is_point(coarse) => Compatible(0.5),
            _ => Apart,
        },
        PlacePrecision::Country => Compatible(0.4),
        PlacePrecision::Admin1 if fine.precision == PlacePrecision::Admin1 => Apart,
        PlacePrecision::Admin1 => {
            if !fine.admin1.is_empty() && same_name(&fine.admin1, &coarse.name) || same_admin1(a, b)
            {
                Compatible(0.7)
            } else if km.is_none_or(|km| km <= REGION_KM) {
                Compatible(0.4)
            } else {
                Apart
            }
        }
        _ => match km {
            Some(km) if km <= 5.0 => Compatible(0.95),
            Some(km) if km <= NEAR_KM => Compatible(0.7),
            Some(km) if km <= FAR_KM => Compatible(0.4),
            Some(_) => Apart,
            None => Compatible(0.2),
        },
    }
}

/// True if a value of `inner` also speaks for `outer`: the same place, or a town in the country or region.
pub(super) fn supports(outer: &Location, inner: &Location) -> bool {
    same(outer, inner)
        || size(outer.precision) >= size(inner.precision)
            && matches!(compare(outer, inner), Nearness::Compatible(_))
}

/// Great-circle distance.
pub(super) fn distance_km(a: Point, b: Point) -> f64 {
    let (lat_a, lat_b) = (a.latitude.to_radians(), b.latitude.to_radians());
    let d_lat = (lat_b - lat_a) / 2.0;
    let d_lon = (b.longitude - a.longitude).to_radians() / 2.0;
    let h = d_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * d_lon.sin().powi(2);
    2.0 * 6_371.0 * h.clamp(0.0, 1.0).sqrt().asin()
}

/// How coarse a precision is, 0 for a site.
pub(super) fn size(precision: PlacePrecision) -> u8 {
    match precision {
        PlacePrecision::Site => 0,
        PlacePrecision::City => 1,
        PlacePrecision::Unknown => 2,
        PlacePrecision::Admin1 => 3,
        PlacePrecision::Country => 4,
        PlacePrecision::Region => 5,
    }
}

/// The same entry of the gazetteer, or the same name where that can't be told.
pub(super) fn same(a: &Location, b: &Location) -> bool {
    if a.geonames_id != 0 && b.geonames_id != 0 {
        return a.geonames_id == b.geonames_id;
    }
    let may_be = a.country == b.country || a.country.is_empty() || b.country.is_empty();
    may_be && !a.name.is_empty() && same_name(&a.name, &b.name)
}

fn same_admin1(a: &Location, b: &Location) -> bool {
    !a.admin1.is_empty() && same_name(&a.admin1, &b.admin1)
}

fn is_point(place: &Location) -> bool {
    size(place.precision) <= 2
}

fn worth(precision: PlacePrecision) -> f64 {
    match precision {
        PlacePrecision::Site | PlacePrecision::City => 1.0,
        PlacePrecision::Unknown => 0.9,
        PlacePrecision::Admin1 => 0.7,
        PlacePrecision::Region => 0.5,
        PlacePrecision::Country => 0.4,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{city, country};
    use super::*;

    #[test]
    fn towns_far_apart_are_two_places_and_a_town_is_in_its_country() {
        let kyiv = city("Kyiv", "UKR", 50.45, 30.52);
        let odesa = city("Odesa", "UKR", 46.48, 30.73);
        let ukraine = country("Ukraine", "UKR");
        assert_eq!(compare(&kyiv, &odesa), Nearness::Apart);
        assert_eq!(compare(&kyiv, &kyiv.clone()), Nearness::Compatible(1.0));
        assert_eq!(compare(&kyiv, &ukraine), Nearness::Compatible(0.4));
        assert_eq!(compare(&kyiv, &country("Russia", "RUS")), Nearness::Apart);
        assert!(supports(&ukraine, &kyiv) && !supports(&kyiv, &ukraine));
        let km = distance_km(kyiv.point.unwrap(), odesa.point.unwrap());
        assert!((430.0..450.0).contains(&km), "{km}");
    }

    #[test]
    fn a_suburb_is_near_and_a_town_lies_in_its_region() {
        let nabatieh = city("Nabatieh", "LBN", 33.38, 35.48);
        let zebdine = city("Zebdine", "LBN", 33.37, 35.45);
        assert!(matches!(compare(&nabatieh, &zebdine), Nearness::Compatible(s) if s >= 0.7));
        let mut region = country("Nabatieh Governorate", "LBN");
        region.precision = PlacePrecision::Admin1;
        let inside = Location {
            admin1: "Nabatieh Governorate".into(),
            ..nabatieh
        };
        assert_eq!(compare(&region, &inside), Nearness::Compatible(0.7));
    }
}
