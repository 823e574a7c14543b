use super::*;
use std::sync::LazyLock;

pub static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::embedded().expect("the bundled gazetteer loads"));

fn best(name: &str) -> Place<'static> {
    let folded = fold(name);
    let ids: Vec<PlaceId> = GAZETTEER.named(&folded).map(|(id, _)| id).collect();
    let best = ids
        .into_iter()
        .max_by_key(|id| GAZETTEER.place(*id).population);
    GAZETTEER.place(best.unwrap_or_else(|| panic!("expected a place called {name}, found none")))
}

/// Reads with one file replaced.
fn load_with(path: &'static str, content: &'static str) -> Result<Gazetteer, Error> {
    Gazetteer::load(|name| {
        if name == path {
            return Some(content.as_bytes());
        }
        crate::embedded::LEXICON
            .iter()
            .find(|(found, _)| *found == name)
            .map(|(_, bytes)| *bytes)
    })
}

#[test]
fn spellings_of_one_place_meet() {
    for names in [
        &["Kyiv", "Kiev"][..],
        &["Kharkiv", "Kharkov"],
        &["Odesa", "Odessa"],
        &["El Fasher", "al-Fashir", "Al Fashir", "El-Fasher"],
        &["Hodeidah", "Hudaydah", "Al-Hudaydah", "Hodeida"],
        &["Sanaa", "Sana'a", "Sana’a"],
        &["Khan Younis", "Khan Yunis"],
        &["Deir ez-Zor", "Deir al-Zor", "Deir Ezzor", "Deir el-Zour"],
        &["Zaporizhzhia", "Zaporizhia", "Zaporizhzhya"],
        &["Stepanakert", "Khankendi"],
        &["N'Djamena", "Ndjamena"],
        &["Bakhmut", "Artemivsk"],
    ] {
        let first = best(names[0]);
        for name in &names[1..] {
            assert_eq!(best(name).id, first.id, "{name} and {}", names[0]);
        }
    }
}

#[test]
fn containment_follows_the_tables() {
    let oblast = best("Kharkiv Oblast");
    assert!(GAZETTEER.contains(oblast.id, best("Kupiansk").id));
    assert!(!GAZETTEER.contains(oblast.id, best("Odesa").id));
    assert!(GAZETTEER.contains(GAZETTEER.country("UKR").unwrap(), best("Odesa").id));
    assert!(GAZETTEER.contains(best("Gaza Strip").id, best("Deir al-Balah").id));
    assert!(GAZETTEER.contains(best("Donbas").id, best("Bakhmut").id));
    assert!(!GAZETTEER.contains(best("Bakhmut").id, best("Donbas").id));
}

#[test]
fn wrong_files_are_refused_with_their_line() {
    let head = "geonames_id\tname\tlatitude\tlongitude\tcountry\tadmin1\tpopulation\taliases\n";
    for (path, content, line, said) in [
        ("places/cities.tsv", "id\tname\n", 1, "expected the columns"),
        (
            "places/cities.tsv",
            "geonames_id\tname\tlatitude\tlongitude\tcountry\tadmin1\tpopulation\taliases\n1\tX\n",
            2,
            "expected 8 fields, found 2",
        ),
        (
            "places/admin1.tsv",
            "name\tlatitude\tlongitude\tcountry\taliases\nX\t1\t2\tQQQ\t\n",
            2,
            "found \"QQQ\"",
        ),
        (
            "places/admin1.tsv",
            "name\tlatitude\tlongitude\tcountry\taliases\nX\t91\t2\tUKR\t\n",
            2,
            "expected degrees",
        ),
        (
            "places/regions.toml",
            "[[region]]\nname = \"X\"\nlatitude = 1.0\nlongitude = 2.0\ncountry = \"\"\ncolour = 1\n",
            6,
            "colour",
        ),
        (
            "places/sites.toml",
            "\n[[site]]\nname = \"X\"\nlatitude = 1.0\nlongitude = 2.0\ncountry = \"UKR\"\nadmin1 = \"Kharkiv\"\nkind = \"base\"\n",
            2,
            "found \"Kharkiv\"",
        ),
        (
            "places/sites.toml",
            "[[site]]\nname = \"X\"\nlatitude = 1.0\nlongitude = 2.0\ncountry = \"\"\nadmin1 = \"\"\nkind = \"pub\"\n",
            7,
            "pub",
        ),
    ] {
        let error = load_with(path, content).expect_err(content);
        assert_eq!((error.file.as_str(), error.line), (path, line), "{error}");
        assert!(error.message.contains(said), "{error}");
    }
    assert!(load_with("places/cities.tsv", head_only()).is_ok());
    assert_eq!(head_only(), head);
}

fn head_only() -> &'static str {
    "geonames_id\tname\tlatitude\tlongitude\tcountry\tadmin1\tpopulation\taliases\n"
}

#[test]
fn loads_quickly_enough_to_be_embedded() {
    let (places, names) = GAZETTEER.sizes();
    assert!(places > 70_000, "{places} places");
    assert!(names > 120_000, "{names} names");
    let start = std::time::Instant::now();
    let loaded = Gazetteer::embedded().unwrap();
    let took = start.elapsed();
    assert_eq!(loaded.sizes(), (places, names));
    eprintln!("{places} places, {names} names in {took:?}");
    // The figure to hold is 80 ms in release on an idle core; this only catches what is wildly off.
    assert!(took.as_secs() < 5, "{took:?}");
}
