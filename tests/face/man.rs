//! The man pages, as real readers of them see them.

use std::fs;

use crate::tools::{project, tool};

#[test]
fn pages_are_sound_and_say_what_a_person_looks_for() {
    let Some(mandoc) = tool("mandoc") else { return };
    let world = project();
    assert_eq!(world.printed(&["man", "pages"]), "");
    let mut pages: Vec<_> =
        fs::read_dir(world.path("project/pages")).unwrap().map(|it| it.unwrap().path()).collect();
    pages.sort();
    let names: Vec<_> = pages.iter().map(|it| it.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    for name in [
        "envdoctor.1",
        "envdoctor-check.1",
        "envdoctor-rules-lint.1",
        "envdoctor-report.1",
        "envdoctor-man.1",
    ] {
        assert!(names.iter().any(|it| it == name), "{name} is not in {names:?}");
    }
    let lint = world.other(&mandoc).args(["-T", "lint", "-W", "warning"]).args(&pages).output().unwrap();
    let said = String::from_utf8(lint.stdout).unwrap();
    // clap_mangen sets more space than mandoc likes, and pages of the same version shall not differ by the day.
    let fine = ["skipping paragraph macro: br", "missing date", "date is missing"];
    let wrong: Vec<_> = said.lines().filter(|line| !fine.iter().any(|it| line.contains(it))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let shown = world
        .other(&mandoc)
        .args(["-T", "ascii", "-O", "width=200"])
        .arg(&pages[names.iter().position(|it| it == "envdoctor.1").unwrap()])
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    // Bold is printed as each letter struck over itself.
    let plain: String = regex::Regex::new(".\u{8}").unwrap().replace_all(&shown, "").into_owned();
    for words in [
        "ENVDOCTOR(1)",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "NO_COLOR",
        "ENVDOCTOR_PLAIN",
        "~/.local/state/envdoctor",
        "envdoctor-check(1)",
        "EXAMPLES",
        "SEE ALSO",
        concat!("envdoctor ", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(plain.contains(words), "{words} is not in\n{plain}");
    }
    // Every other page that is named is there.
    for named in regex::Regex::new(r"envdoctor-[a-z-]+\(1\)").unwrap().find_iter(&plain) {
        let file = named.as_str().replace("(1)", ".1");
        assert!(names.contains(&file), "{file} is not written");
    }
}

#[test]
fn the_first_page_is_printed_without_a_folder() {
    let Some(man) = tool("man") else { return };
    let world = project();
    let page = world.printed(&["man"]);
    assert!(page.contains(".TH ENVDOCTOR 1 \"\" \"envdoctor "), "{}", &page[..300]);
    world.write("project/envdoctor.1", &page);
    let shown = world
        .other(&man)
        .args(["-l", "--warnings=w", "./envdoctor.1"])
        .env("MANPAGER", "cat")
        .env("MANWIDTH", "80")
        .output()
        .unwrap();
    assert!(shown.status.success() && shown.stderr.is_empty(), "{}", String::from_utf8_lossy(&shown.stderr));
    assert!(String::from_utf8_lossy(&shown.stdout).contains("EXIT STATUS"));
}
