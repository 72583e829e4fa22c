//! The table of layers in `docs/architecture.md` is what the code imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

/// From the page's table: each module, in order, with what it may import; `None`: everything.
fn table(page: &str) -> Vec<(String, Option<BTreeSet<String>>)> {
    let row = Regex::new(r"(?m)^\| `(\w+)` \|[^|]+\|([^|]+)\|$").unwrap();
    let name = Regex::new(r"`(\w+)`").unwrap();
    let imports = |cell: &str| match cell.trim() {
        "everything" => None,
        cell => Some(name.captures_iter(cell).map(|name| name[1].to_owned()).collect()),
    };
    row.captures_iter(page).map(|row| (row[1].to_owned(), imports(&row[2]))).collect()
}

/// From the code: each module with the others that it names outside its tests.
fn imports(source: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let used = Regex::new(r"\bcrate::(\w+)").unwrap();
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in glob::glob(source.join("**/*.rs").to_str().unwrap()).unwrap().map(Result::unwrap) {
        let below = file.strip_prefix(source).unwrap();
        let module = below.components().next().unwrap().as_os_str().to_string_lossy();
        let module = module.trim_end_matches(".rs").to_owned();
        if matches!(module.as_str(), "lib" | "main") || file.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let names = used.captures_iter(code).map(|name| name[1].to_owned());
        modules.entry(module.clone()).or_default().extend(names.filter(|name| *name != module));
    }
    modules
}

#[test]
fn the_table_of_layers_is_what_the_code_imports() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = table(&fs::read_to_string(root.join("docs/architecture.md")).unwrap());
    let code = imports(&root.join("src"));
    assert_eq!(
        table.iter().map(|(module, _)| module.clone()).collect::<BTreeSet<_>>(),
        code.keys().cloned().collect(),
        "every module stands in the table"
    );
    for (at, (module, stated)) in table.iter().enumerate() {
        let above: BTreeSet<String> = table[..at].iter().map(|(above, _)| above.clone()).collect();
        let stated = stated.as_ref().unwrap_or(&above);
        assert!(stated.is_subset(&above), "{module} knows one below it");
        let unstated: Vec<_> = code[module].difference(stated).collect();
        assert!(unstated.is_empty(), "{module} imports {unstated:?}");
    }
}
