//! Hostile input, and any input at all.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

#[test]
fn abuse_is_data_and_costs_little() {
    let mib = 1 << 20;
    let nested = format!(
        "{}<p>Deep down, shells fell.</p>{}",
        "<div>".repeat(100_000),
        "</div>".repeat(100_000)
    );
    let bodies = [
        Body::Text(".".repeat(250_000)),
        Body::Text("a".repeat(200_000)),
        Body::Text("\u{200b}".repeat(80_000)),
        Body::Text("a\u{301}\u{302}\u{303}".repeat(30_000)),
        Body::Text("\n".repeat(256_000)),
        Body::Text("- a\n".repeat(60_000)),
        Body::Text("(A) -".repeat(50_000)),
        Body::Html(nested),
        Body::Html("<".repeat(2 * mib)),
        Body::Html("&".repeat(2 * mib)),
        Body::Html("&#xD800;&#55357;&#0;&#x110000;&amp".repeat(50_000)),
        Body::Html("<a".repeat(mib)),
        Body::Html("</".repeat(mib)),
        Body::Html("<!--".repeat(mib / 2)),
        Body::Html(format!("<p {}>x</p>", "class=share ".repeat(150_000))),
        Body::Html("<nav><p hidden>".repeat(130_000)),
        Body::Html("<br>".repeat(500_000)),
        Body::Html("\u{200b}\u{feff}".repeat(300_000)),
        Body::Html("<![CDATA[ & ]]>\0\r\n".repeat(100_000)),
    ];
    for body in bodies {
        let head: String = body.as_str().chars().take(20).collect();
        let item = item(&"<&#".repeat(2_000), body);
        // A tenth of this on an idle machine. What is not linear takes minutes at these sizes.
        let begun = Instant::now();
        let n = normalise(&NewsItem {
            language: String::new(),
            ..item.clone()
        });
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(5), "{head:?} took {took:?}");
        assert_map(n.parts.last().unwrap(), item.body.as_str());
        assert!(n.parts.last().unwrap().text.chars().count() <= 4 * TEXT_BOUND + TEXT_BOUND);
    }
    let n = html(&format!(
        "{}<p>Deep down, shells fell.</p>",
        "<div>".repeat(100_000)
    ));
    assert_eq!(blocks(&n), ["B Deep down, shells fell."]);
    assert!(text("").parts[0].blocks.is_empty());
}

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "[a-zA-Z0-9 .,:;()/\\-–—\n\r\t]{0,12}",
        "\\PC{0,4}",
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "KYIV, March 3 (AP) - ",
            "09:41 – ",
            "e\u{301}",
            "\u{fb03}",
            "\u{200b}",
            "\u{a0}",
            "\r\n\r\n",
            "By ",
            "&amp;",
            "[",
            "(Photo: X)",
            "\u{1100}\u{1161}\u{11a8}",
            "FILE PHOTO: ",
            "Read more",
            "BREAKING: ",
            " | ",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(pieces, 0..40).prop_map(|v| v.concat())
}

fn any_html() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any_text(),
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<div class=share>",
            "</div>",
            "<br>",
            "<br/>",
            "&nbsp;",
            "&amp",
            "&#8217;",
            "&#xe9;",
            "&eacute",
            "&notit;",
            "&",
            "&#",
            "<a href='x'>",
            "</a>",
            "<script>",
            "</script>",
            "<!-- ",
            " -->",
            "<nav>",
            "</nav>",
            "<h2>",
            "</h2>",
            "<li>",
            "<",
            ">",
            "</",
            "<p hidden>",
            "<svg/>",
            "<title>",
            "</title>",
            "<pre>",
            "</pre>",
            "<figcaption>",
            "</figcaption>",
            "\0",
            "\r\n",
            "\r",
            "&NotEqualTilde;",
            "<![CDATA[",
            "]]>",
            "<plaintext>",
            "<textarea>",
            "</textarea>",
            "&lt;b&gt;",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(pieces, 0..30).prop_map(|v| v.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_plain_text_has_an_exact_map(body in any_text(), title in any_text()) {
        let item = item(&title, Body::Text(body.clone()));
        let n = normalise(&item);
        assert_map(n.parts.last().unwrap(), &body);
        if n.parts.len() == 2 {
            assert_map(&n.parts[0], &title);
        }
    }

    #[test]
    fn any_html_has_an_exact_map(body in any_html()) {
        let n = html(&body);
        assert_map(n.parts.last().unwrap(), &body);
    }
}
