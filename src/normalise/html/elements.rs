//! What the names of elements and classes say.

/// Elements without content or end tag.
pub(super) fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Elements that begin and end a paragraph.
#[rustfmt::skip]
pub(super) fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"address" | b"article" | b"aside" | b"blockquote" | b"body" | b"caption" | b"center" | b"dd" | b"details"
            | b"dialog" | b"div" | b"dl" | b"dt" | b"fieldset" | b"figcaption" | b"figure" | b"footer" | b"form"
            | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"header" | b"hgroup" | b"hr" | b"html" | b"legend"
            | b"li" | b"main" | b"nav" | b"ol" | b"p" | b"pre" | b"search" | b"section" | b"summary" | b"table"
            | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"tr" | b"ul" | b"template" | b"head" | b"title"
    )
}

/// Elements whose content is never the text of an article.
#[rustfmt::skip]
pub(super) fn is_never_text(name: &[u8]) -> bool {
    matches!(
        name,
        b"script" | b"style" | b"head" | b"title" | b"template" | b"noscript" | b"svg" | b"math" | b"button" | b"select"
            | b"textarea" | b"iframe" | b"object" | b"canvas" | b"audio" | b"video" | b"map" | b"datalist" | b"nav"
            | b"noembed" | b"noframes" | b"dialog" | b"menu" | b"label"
    )
}

/// Elements that frame a page; some pages put the article into them.
pub(super) fn is_page_frame(name: &[u8]) -> bool {
    matches!(
        name,
        b"header" | b"footer" | b"aside" | b"form" | b"search" | b"fieldset"
    )
}

/// Classes and ids that say that an element is not part of the article.
#[rustfmt::skip]
pub(super) fn is_furniture(class: &str) -> bool {
    const WORDS: &[&str] = &[
        "ad", "ads", "advert", "advertisement", "adverts", "author", "banner", "breadcrumb", "breadcrumbs", "byline",
        "comments", "cookie", "cookies", "copyright", "credits", "disclaimer", "footer", "hashtags", "masthead", "menu",
        "meta", "metadata", "nav", "navbar", "navigation", "newsletter", "outbrain", "paywall", "popup", "promo",
        "recirculation", "recommended", "related", "share", "sharebar", "sharing", "sidebar", "signup", "skip",
        "social", "sponsor", "sponsored", "subscribe", "subscription", "taboola", "tags", "toolbar", "tools", "topnav",
        "trending", "unsubscribe",
    ];
    const WHOLE: &[&str] = &["sr-only", "visually-hidden", "screen-reader-text", "boilerplate", "read-more", "readmore", "most-read", "also-read"];
    if WHOLE.contains(&class) {
        return true;
    }
    let mut words = class.split(['-', '_']).peekable();
    // "has-sidebar" and "no-ads" say what is beside an element.
    if words.peek().is_some_and(|w| matches!(*w, "has" | "no" | "with" | "without" | "is" | "not")) {
        return false;
    }
    words.any(|w| WORDS.contains(&w))
}
