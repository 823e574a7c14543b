use super::*;
use crate::linguistics::{Document, Linguistics};
use std::sync::LazyLock;

static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::embedded().expect("the bundled gazetteer loads"));
static LINGUISTICS: LazyLock<Linguistics> = LazyLock::new(|| {
    Linguistics::embedded(crate::linguistics::Profile::default()).expect("the bundled weights load")
});

/// A text of one paragraph, read.
fn parse(text: &str) -> Document {
    LINGUISTICS.read(text, std::slice::from_ref(&(0..text.len())))
}

/// What a text names, resolved with countries of its actors: (phrase, name, country, precision).
fn read(text: &str, countries: &[&str]) -> Vec<(String, String, String, PlacePrecision)> {
    let doc = parse(text);
    let mut mentions = Vec::new();
    for sentence in &doc.sentences {
        mentions.extend(find(&doc, sentence.clone(), &GAZETTEER));
    }
    let mut context = Context::new(&GAZETTEER);
    for country in countries {
        context.add_country(country, 1.0);
    }
    context.learn(&mentions);
    let found = mentions.iter().map(|mention| {
        let found = resolve(mention, &context);
        (
            mention.text.clone(),
            found.name,
            found.country,
            found.precision,
        )
    });
    found.collect()
}

/// Fails unless the text names these places and no others.
#[track_caller]
fn expect(text: &str, countries: &[&str], places: &[(&str, &str, &str, PlacePrecision)]) {
    let found = read(text, countries);
    let wanted: Vec<_> = places
        .iter()
        .map(|(p, n, c, k)| (p.to_string(), n.to_string(), c.to_string(), *k))
        .collect();
    assert_eq!(found, wanted, "{text}");
}

use PlacePrecision::{Admin1, City, Country, Region, Site};

#[test]
fn containment_said_in_words() {
    expect(
        "A glide bomb hit an apartment block in Sumy, Ukraine.",
        &[],
        &[
            ("Sumy", "Sumy", "UKR", City),
            ("Ukraine", "Ukraine", "UKR", Country),
        ],
    );
    expect(
        "Rebels shelled the outskirts of Saraqib in Syria's Idlib province.",
        &[],
        &[
            ("Saraqib", "Saraqib", "SYR", City),
            ("Syria", "Syria", "SYR", Country),
            ("Idlib province", "Idlib Governorate", "SYR", Admin1),
        ],
    );
    expect(
        "Drones struck the Odesa region port of Izmail overnight.",
        &[],
        &[
            ("Odesa region", "Odesa Oblast", "UKR", Admin1),
            ("port of Izmail", "Port of Izmail", "UKR", Site),
        ],
    );
    expect(
        "The militants overran the town of Barsalogho in the Centre-Nord region.",
        &["BFA"],
        &[
            ("Barsalogho", "Barsalogho", "BFA", City),
            ("Centre-Nord region", "Centre-Nord Region", "BFA", Admin1),
        ],
    );
    // The same name on two continents: the words beside it decide against size and context.
    expect(
        "The two ministers met in Tripoli, Lebanon, before flying to Tripoli, Libya.",
        &["LBY"],
        &[
            ("Tripoli", "Tripoli", "LBN", City),
            ("Lebanon", "Lebanon", "LBN", Country),
            ("Tripoli", "Tripoli", "LBY", City),
            ("Libya", "Libya", "LBY", Country),
        ],
    );
    expect(
        "He lived in Atlanta, Georgia, for years.",
        &[],
        &[
            ("Atlanta", "Atlanta", "USA", City),
            ("Georgia", "Georgia", "USA", Admin1),
        ],
    );
    expect(
        "Protesters marched in Tbilisi, Georgia.",
        &["USA"],
        &[
            ("Tbilisi", "Tbilisi", "GEO", City),
            ("Georgia", "Georgia", "GEO", Country),
        ],
    );
}

#[test]
fn adjectives_hold_the_town_that_they_describe() {
    expect(
        "A missile landed near the western Ukrainian city of Lviv.",
        &[],
        &[("Lviv", "Lviv", "UKR", City)],
    );
    expect(
        "Gunmen stormed the Nigerian town of Bama.",
        &[],
        &[("Bama", "Bama", "NGA", City)],
    );
}

#[test]
fn nouns_tell_what_is_meant() {
    expect(
        "Russian troops advanced in Kharkiv region, Kyiv said.",
        &[],
        &[
            ("Kharkiv region", "Kharkiv Oblast", "UKR", Admin1),
            ("Kyiv", "Kyiv", "UKR", City),
        ],
    );
    expect(
        "Shelling hit Kharkiv on Friday.",
        &[],
        &[("Kharkiv", "Kharkiv", "UKR", City)],
    );
    expect(
        "Fighting spread across the province of Idlib.",
        &[],
        &[("province of Idlib", "Idlib Governorate", "SYR", Admin1)],
    );
    expect(
        "Tankers queued outside the Strait of Hormuz.",
        &[],
        &[("Strait of Hormuz", "Strait of Hormuz", "", Region)],
    );
    expect(
        "A boat capsized in the Dnipro river near the city of Dnipro.",
        &[],
        &[
            ("Dnipro river", "Dnieper River", "UKR", Region),
            ("Dnipro", "Dnipro", "UKR", City),
        ],
    );
}

#[test]
fn parts_of_a_place() {
    expect(
        "Tanks moved into northern Gaza.",
        &[],
        &[("northern Gaza", "Gaza Strip", "PSE", Admin1)],
    );
    expect(
        "Power was cut across eastern Ukraine.",
        &[],
        &[("eastern Ukraine", "eastern Ukraine", "UKR", Region)],
    );
    expect(
        "The army said it had hit launchers in southern Lebanon.",
        &[],
        &[("southern Lebanon", "South Lebanon", "LBN", Region)],
    );
    // A name that begins with a direction is a name.
    expect(
        "Clashes broke out in South Sudan and in North Darfur.",
        &[],
        &[
            ("South Sudan", "South Sudan", "SSD", Country),
            ("North Darfur", "North Darfur State", "SDN", Admin1),
        ],
    );
}

#[test]
fn facilities_keep_their_own_name() {
    expect(
        "Shelling cut power to the Zaporizhzhia nuclear power plant.",
        &[],
        &[(
            "Zaporizhzhia nuclear power plant",
            "Zaporizhzhia nuclear power plant",
            "UKR",
            Site,
        )],
    );
    expect(
        "Bombers took off from Engels air base in Russia.",
        &[],
        &[
            ("Engels air base", "Engels air base", "RUS", Site),
            ("Russia", "Russia", "RUS", Country),
        ],
    );
    expect(
        "Aid trucks waited at the Rafah crossing.",
        &[],
        &[("Rafah crossing", "Rafah crossing", "PSE", Site)],
    );
    expect(
        "The strike set fire to Mykolaiv port.",
        &[],
        &[("Mykolaiv port", "Mykolaiv port", "UKR", Site)],
    );
    // Not in the gazetteer: it gets the town's point.
    expect(
        "Saboteurs burned two helicopters at the Lozuvate airfield near Kropyvnytskyi.",
        &[],
        &[
            ("Lozuvate airfield", "Lozuvate airfield", "UKR", Site),
            ("Kropyvnytskyi", "Kropyvnytskyi", "UKR", City),
        ],
    );
    let text = "The strike set fire to Mykolaiv port.";
    let doc = parse(text);
    let mention = find(&doc, 0..doc.len(), &GAZETTEER).remove(0);
    let found = resolve(&mention, &Context::new(&GAZETTEER));
    assert_eq!(found.geonames_id, 0);
    assert_eq!(found.admin1, "Mykolaiv Oblast");
    let point = found.point.unwrap();
    assert!(
        (point.latitude - 46.97).abs() < 0.1 && (point.longitude - 32.0).abs() < 0.1,
        "{point:?}"
    );
}

#[test]
fn places_that_nobody_listed_hang_on_others() {
    expect(
        "Rockets fell on the village of Umm Zarzur in Idlib province.",
        &[],
        &[
            ("Umm Zarzur", "Umm Zarzur", "SYR", Admin1),
            ("Idlib province", "Idlib Governorate", "SYR", Admin1),
        ],
    );
    expect(
        "Three soldiers died in Dosheh, Baghlan, Afghanistan.",
        &[],
        &[
            ("Dosheh", "Dosheh", "AFG", City),
            ("Baghlan", "Baghlan", "AFG", City),
            ("Afghanistan", "Afghanistan", "AFG", Country),
        ],
    );
    expect(
        "A mine killed two herders near the Somali town of Qoryaleybo.",
        &[],
        &[("Qoryaleybo", "Qoryaleybo", "SOM", Country)],
    );
    for text in [
        "The Supreme Council of Ukraine met.",
        "The State Department warned Iran.",
        "In Congress, Ukraine has friends.",
        "The Catalonian city was quiet.",
        "The Presidential Office in Kyiv replied.",
    ] {
        let found = read(text, &[]);
        assert!(
            found
                .iter()
                .all(|f| matches!(f.1.as_str(), "Ukraine" | "Iran" | "Kyiv")),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn articles_come_and_go() {
    expect(
        "Clashes went on in Al-Manbij, Syria.",
        &[],
        &[
            ("Al-Manbij", "Manbij", "SYR", City),
            ("Syria", "Syria", "SYR", Country),
        ],
    );
    expect(
        "At Novorossiysk, a berth burned.",
        &[],
        &[("Novorossiysk", "Novorossiysk", "RUS", City)],
    );
    // A surname gets no place by an article.
    expect("Al-Masri refused.", &[], &[]);
}

#[test]
fn context_chooses_between_namesakes() {
    expect(
        "A car bomb exploded in Tripoli.",
        &["LBN"],
        &[("Tripoli", "Tripoli", "LBN", City)],
    );
    expect(
        "A car bomb exploded in Tripoli.",
        &["LBY"],
        &[("Tripoli", "Tripoli", "LBY", City)],
    );
    expect(
        "Troops were sent to Valencia.",
        &["VEN"],
        &[("Valencia", "Valencia", "VEN", City)],
    );
    expect(
        "Troops were sent to Valencia.",
        &["ESP"],
        &[("Valencia", "Valencia", "ESP", City)],
    );
    expect(
        "Police raided a house in Hyderabad.",
        &["PAK"],
        &[("Hyderabad", "Hyderabad", "PAK", City)],
    );
    expect(
        "Police raided a house in Hyderabad.",
        &["IND"],
        &[("Hyderabad", "Hyderabad", "IND", City)],
    );
    // American actors don't move Paris to Texas.
    expect(
        "The envoys will meet in Paris.",
        &["USA"],
        &[("Paris", "Paris", "FRA", City)],
    );
}

#[test]
fn short_names_of_countries() {
    expect(
        "The jets flew from the US to the UK and the UAE.",
        &[],
        &[
            ("US", "United States", "USA", Country),
            ("UK", "United Kingdom", "GBR", Country),
            ("UAE", "United Arab Emirates", "ARE", Country),
        ],
    );
    expect("It gave us hope.", &[], &[]);
}

#[test]
fn size_and_rank_choose_where_nothing_else_does() {
    expect(
        "The bank was moved to Delaware.",
        &[],
        &[("Delaware", "Delaware", "USA", Admin1)],
    );
    expect(
        "Shells fell on Kherson.",
        &[],
        &[("Kherson", "Kherson", "UKR", City)],
    );
    expect(
        "Benin closed its border.",
        &["NGA"],
        &[("Benin", "Benin", "BEN", Country)],
    );
    expect(
        "Droughts plague the Sahel.",
        &[],
        &[("Sahel", "Sahel", "", Region)],
    );
    expect(
        "Diplomats in Washington, Vienna and Tehran were told.",
        &["USA"],
        &[
            ("Washington", "Washington", "USA", City),
            ("Vienna", "Vienna", "AUT", City),
            ("Tehran", "Tehran", "IRN", City),
        ],
    );
    // "Kyiv and Odesa" are towns though "Odesa region" was read before.
    expect(
        "Odesa region was hit. Sirens sounded in Kyiv and Odesa.",
        &["UKR"],
        &[
            ("Odesa region", "Odesa Oblast", "UKR", Admin1),
            ("Kyiv", "Kyiv", "UKR", City),
            ("Odesa", "Odesa", "UKR", City),
        ],
    );
}

#[test]
fn a_name_keeps_its_reading() {
    let found = read(
        "Two people died in Tripoli, Lebanon. The army closed roads around Tripoli. Libya sent condolences.",
        &[],
    );
    let countries: Vec<&str> = found.iter().map(|f| f.2.as_str()).collect();
    assert_eq!(countries, ["LBN", "LBN", "LBN", "LBY"]);
}

#[test]
fn neighbours_draw_each_other() {
    // There is a Pervomaisk in several regions; Huliaipole stands for none of them, Mykolaiv's is larger.
    let found = read(
        "Shells fell on Voznesensk, Bashtanka and Pervomaisk.",
        &["UKR"],
    );
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|f| f.2 == "UKR"), "{found:?}");
}

#[test]
fn persons_are_no_places() {
    for text in [
        "Senator Lincoln said the bill would fail.",
        "Jackson said he would not attend.",
        "Jackson Hinkle posted a video.",
        "A statement by Michael Jordan drew laughter.",
        "President Victoria thanked the crowd.",
        "Hassan told reporters that talks went well.",
        "Gen. Milley and Col. Denton met the press.",
        "Abu Hamza was seen with his lawyer.",
        "Austin and Blinken spoke by phone.",
        "The jury heard from Ali and from Hussein.",
        "Spokesman Mark Reading declined to comment.",
    ] {
        expect(text, &[], &[]);
    }
}

#[test]
fn ordinary_words_are_no_places() {
    for text in [
        "Of the nine, two were wounded.",
        "Most of the men had left.",
        "Nice words will not end the war.",
        "March saw the heaviest shelling.",
        "Police fired tear gas.",
        "Best of luck, he wrote.",
        "Male soldiers were separated from women.",
        "Reading the statement, she paused.",
        "Split into two groups, the men fled.",
        "Mobile launchers were seen.",
        "Victory is near, the general said.",
        "Union leaders called a strike.",
        "Orange flares lit the sky.",
        "Vice admirals rarely speak.",
        "Man and beast were buried alike.",
        "Buy nothing, the posters said.",
        "Sake and sour plums were served.",
        "The hit list was long.",
    ] {
        expect(text, &[], &[]);
    }
}

#[test]
fn ordinary_words_may_be_places_after_a_preposition() {
    expect(
        "The ship docked in Split, Croatia.",
        &[],
        &[
            ("Split", "Split", "HRV", City),
            ("Croatia", "Croatia", "HRV", Country),
        ],
    );
    expect(
        "Leaders gathered in Nice.",
        &["FRA"],
        &[("Nice", "Nice", "FRA", City)],
    );
    expect(
        "A blast was heard near the town of Hit.",
        &["IRQ"],
        &[("Hit", "Hit", "IRQ", City)],
    );
    expect(
        "Clashes erupted in Sake, west of Goma.",
        &["COD"],
        &[("Sake", "Sake", "COD", City), ("Goma", "Goma", "COD", City)],
    );
}

#[test]
fn organisations_and_joined_words_are_no_places() {
    for text in [
        "The Jerusalem Post and the New York Times carried the story.",
        "The Minsk agreements are dead, he said.",
        "Officials of the Kharkiv National University were dismissed.",
        "A pro-Beijing party won.",
        "The Moscow-backed official resigned.",
        "Al-Shabaab claimed responsibility.",
        "The Warsaw Pact ended in 1991.",
        "The Geneva Conventions forbid it.",
        "She teaches at the University of Bristol.",
        "The carrier Shandong returned.",
        "According to ISNA, nobody was hurt.",
        "Worshippers fled the Linwood Mosque.",
        "The Gay Village was closed.",
    ] {
        expect(text, &[], &[]);
    }
}

#[test]
fn datelines_and_lists() {
    expect(
        "KYIV, March 3 (Wire) - Three people were killed.",
        &[],
        &[("KYIV", "Kyiv", "UKR", City)],
    );
    expect(
        "Strikes were reported in Izium, Lozova and Chuhuiv.",
        &["UKR"],
        &[
            ("Izium", "Izium", "UKR", City),
            ("Lozova", "Lozova", "UKR", City),
            ("Chuhuiv", "Chuhuiv", "UKR", City),
        ],
    );
}

#[test]
fn nothing_breaks_on_odd_input() {
    for text in [
        "",
        "-",
        "'s",
        "Al-",
        "in",
        "Gaza-",
        "north-",
        "A.",
        "of of of Of",
        "\u{200b}Kyiv",
        "St. St. St.",
    ] {
        read(text, &[]);
    }
    let long = "Kyiv-".repeat(5_000);
    read(&long, &[]);
    // Many namesakes, many times over, stay quick.
    let start = std::time::Instant::now();
    for words in [
        "San Jose and ",
        "Robotyne. ",
        "Ukraine Ukraine ",
        "the village of Xyz in Ukraine, ",
    ] {
        read(&words.repeat(40_000 / words.len()), &[]);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let doc = parse("Kyiv fell silent.");
    // A range beyond the document is cut to it.
    assert_eq!(find(&doc, 0..99, &GAZETTEER).len(), 1);
    assert!(find(&doc, 50..99, &GAZETTEER).is_empty());
}

/// Names of war reporting, in the spellings of several outlets, and the country that they lie in.
const NAMES: &str = "
    UKR Bakhmut Chasiv_Yar Pokrovsk Kupiansk Vovchansk Avdiivka Toretsk Kurakhove Velyka_Novosilka Huliaipole Orikhiv
    Robotyne Enerhodar Melitopol Mariupol Kherson Nikopol Kramatorsk Sloviansk Kostiantynivka Lyman Siversk Izium Sumy
    Konotop Shostka Odesa Odessa Izmail Mykolaiv Kharkov Kiev Zaporizhia Zaporizhzhya Dnipro Kryvyi_Rih Pavlohrad
    Sevastopol Dzhankoi Saky Kerch Myrnohrad Rodynske Dobropillia Lysychansk Sievierodonetsk Severodonetsk Kreminna Bucha
    RUS Belgorod Shebekino Sudzha Kursk Bryansk Engels Taganrog Novorossiysk Tuapse Ust-Luga Yelabuga Grozny
    PSE Khan_Younis Khan_Yunis Rafah Deir_al-Balah Gaza_City Jabalia Beit_Lahiya Beit_Hanoun Nuseirat Bureij Jenin
    Tulkarem Nablus Hebron Ramallah Huwara
    LBN Nabatieh Tyre Sidon Baalbek Khiam Marjayoun Bint_Jbeil Naqoura Beirut
    ISR Sderot Kiryat_Shmona Metula Haifa Ashkelon Eilat Tel_Aviv Beersheba
    SYR Deir_ez-Zor Deir_al-Zor Idlib Aleppo Homs Sweida Suwayda Raqqa Qamishli Hasakah Manbij Kobani Palmyra Daraa
    Quneitra Latakia Tartus
    IRQ Mosul Kirkuk Erbil Sinjar Fallujah Tikrit Sulaymaniyah
    YEM Hodeidah Hudaydah Sanaa Sana'a Aden Marib Taiz Saada Mukalla Mocha Seiyun
    IRN Natanz Isfahan Bushehr Tabriz Bandar_Abbas Kermanshah Chabahar Mashhad
    SDN El_Fasher al-Fashir Omdurman Khartoum Port_Sudan El_Obeid Nyala El_Geneina Kadugli Dilling Babanusa Wad_Madani
    SSD Malakal Bentiu Juba Nasir
    COD Goma Bukavu Uvira Beni Butembo Bunia Masisi Walikale Minova Kamanyola
    MLI Kidal Gao Timbuktu Menaka Mopti Bamako
    BFA Djibo Ouagadougou Dori Fada_N'gourma
    NER Tillaberi Niamey Agadez
    NGA Maiduguri Chibok Zamfara
    SOM Mogadishu Kismayo Beledweyne Las_Anod
    ETH Mekelle Gondar Axum Bahir_Dar
    AZE Stepanakert Khankendi Shusha Lachin Nakhchivan
    XKX Mitrovica Pristina Zvecan
    MMR Lashio Sittwe Myawaddy Naypyidaw Kyaukphyu
    AFG Kandahar Jalalabad Spin_Boldak Mazar-i-Sharif
    PAK Muzaffarabad Quetta Peshawar Gwadar Muridke Bahawalpur
    IND Pahalgam Srinagar Poonch Jammu
    PRK Yongbyon Wonsan Kaesong Sinpo Panmunjom
    LBY Tobruk Derna Sirte Misrata Zawiya
    MOZ Mocimboa_da_Praia Palma
    HTI Port-au-Prince
    GEO Sukhumi Tskhinvali
";

#[test]
fn names_of_war_reporting_are_known() {
    let mut country = "";
    let (mut count, mut wrong) = (0, Vec::new());
    for word in NAMES.split_whitespace() {
        if word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase()) {
            country = word;
            continue;
        }
        count += 1;
        let name = word.replace('_', " ");
        let found = read(
            &format!("Heavy fighting was reported in {name} on Monday."),
            &[country],
        );
        if found.len() != 1 || found[0].2 != country || found[0].0 != name {
            wrong.push((name, found));
        }
    }
    assert!(count > 180, "{count}");
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
}
