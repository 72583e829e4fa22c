//! The pages about the rules: those in `docs/rules` are the ones that the rules make, and writing them harms nothing.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use envdoctor::built_in;
use envdoctor::report::{MADE, index, markdown};

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

fn made() -> BTreeMap<String, String> {
    let rules = built_in::rules();
    let mut pages: BTreeMap<_, _> =
        rules.rules().iter().map(|rule| (format!("{}.md", rule.id), markdown(rule))).collect();
    pages.insert("README.md".to_owned(), index(rules.rules()));
    pages
}

/// `envdoctor rules pages DIR` in a folder.
fn write(folder: &Path) -> assert_cmd::assert::Assert {
    Command::cargo_bin("envdoctor").unwrap().current_dir(folder).args(["rules", "pages", "pages"]).assert()
}

#[test]
fn the_pages_in_docs_are_those_of_the_rules() {
    let (there, made) = (files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")), made());
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), names(&made), "`envdoctor rules pages docs/rules` writes them anew");
    for (name, page) in made {
        assert!(there[&name] == page, "{name}: `envdoctor rules pages docs/rules` writes it anew");
    }
}

#[test]
fn a_page_says_all_that_the_rule_says() {
    for rule in built_in::rules().rules() {
        let page = markdown(rule);
        let head = page.lines().nth(4).unwrap();
        assert!(head.contains(&rule.id) && head.contains(&rule.severity.to_string()), "{head}");
        let headings = page.lines().filter(|line| line.starts_with("### ")).count();
        assert_eq!(headings, rule.remedies.len(), "{}", rule.id);
        for example in &rule.examples {
            assert!(page.contains(example.text.trim_end()), "{}: {}", rule.id, example.text);
        }
        for other in &rule.leads_to {
            assert!(page.contains(&format!("({other}.md)")), "{}: {other}", rule.id);
        }
        for link in &rule.references {
            assert!(page.contains(&format!("<{link}>")), "{}: {link}", rule.id);
        }
    }
}

#[test]
fn what_changed_is_written_and_what_is_gone_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join("pages").join(name);
    write(folder.path()).code(2);
    fs::create_dir(folder.path().join("pages")).unwrap();
    write(folder.path()).success();
    assert_eq!(files(&folder.path().join("pages")), made());

    fs::write(at("hex-missing.md"), format!("{MADE}\nolder\n")).unwrap();
    fs::write(at("gone.md"), format!("{MADE}\nof a rule that is gone\n")).unwrap();
    fs::write(at("notes.md"), "somebody's notes\n").unwrap();
    let said = write(folder.path()).success();
    let said = String::from_utf8_lossy(&said.get_output().stdout).into_owned();
    assert!(said.contains("1 written, 1 removed"), "{said}");
    let mut expected = made();
    expected.insert("notes.md".to_owned(), "somebody's notes\n".to_owned());
    assert_eq!(files(&folder.path().join("pages")), expected);
}

#[test]
fn a_folder_with_a_readme_of_its_own_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("pages/README.md"), "# Ours\n").unwrap();
    write(folder.path()).code(2);
    assert_eq!(files(&folder.path().join("pages")), [("README.md".to_owned(), "# Ours\n".to_owned())].into());
}
