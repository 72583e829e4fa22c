//! The book's contents, `docs/SUMMARY.md`: the pages in the order of `docs/README.md`, and each rule's.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use regex::Regex;

/// Title and file of each link that begins an entry.
fn entries(page: &str, entry: &str) -> Vec<(String, String)> {
    let link = Regex::new(&format!(r"(?m)^{entry}\[(.+?)\]\((.+?)\)")).unwrap();
    link.captures_iter(page).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

/// The contents, as they follow from the pages.
fn contents(docs: &Path) -> String {
    let page = |name: &str| fs::read_to_string(docs.join(name)).unwrap();
    let mut out = "# Contents\n\n[The book of envdoctor](README.md)\n\n".to_owned();
    for (title, file) in entries(&page("README.md"), r"\d+\. ") {
        writeln!(out, "- [{title}]({file})").unwrap();
    }
    let rules = page("rules/README.md");
    for family in rules.split("\n## ").skip(1) {
        writeln!(out, "  - [{}]()", family.lines().next().unwrap()).unwrap();
        for (rule, file) in entries(family, r"\| ") {
            writeln!(out, "    - [{rule}](rules/{file})").unwrap();
        }
    }
    out
}

#[test]
fn the_contents_name_every_page_in_order() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let file = docs.join("SUMMARY.md");
    let expected = contents(&docs);
    if std::env::var("ENVDOCTOR_DOCS").is_ok_and(|value| value == "write") {
        fs::write(&file, &expected).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        expected,
        "run `ENVDOCTOR_DOCS=write cargo test --test docs`, and look at the difference"
    );
    let named: BTreeSet<_> = entries(&expected, r" *(?:- )?").into_iter().map(|(_, file)| file).collect();
    for page in glob::glob(docs.join("**/*.md").to_str().unwrap()).unwrap().map(Result::unwrap) {
        let page = page.strip_prefix(&docs).unwrap().to_str().unwrap().to_owned();
        assert!(page == "SUMMARY.md" || named.contains(&page), "docs/README.md does not name {page}");
    }
}
