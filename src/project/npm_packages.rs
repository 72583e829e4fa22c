//! npm's files: what a project needs, what its lock file pins, and what lies in node_modules.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Whether a `package.json` names packages that npm would install.
///
/// # Errors
/// Why it is no JSON.
pub fn needs_packages(text: &str) -> Result<bool, String> {
    #[derive(Deserialize)]
    struct Package {
        #[serde(default)]
        dependencies: BTreeMap<String, serde_json::Value>,
        #[serde(default, rename = "devDependencies")]
        dev: BTreeMap<String, serde_json::Value>,
    }
    // npm takes no offence at a byte order mark.
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    let package: Package = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(!package.dependencies.is_empty() || !package.dev.is_empty())
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    version: Option<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default, rename = "devOptional")]
    dev_optional: bool,
}

/// The packages that lie in node_modules in another version than `package-lock.json` pins, from npm's own list of what it
/// installed (`node_modules/.package-lock.json`).
///
/// # Errors
/// Why one of the two is no JSON.
pub fn outdated_packages(lock: &str, installed: &str) -> Result<Vec<String>, String> {
    let read = |text: &str| serde_json::from_str::<Lock>(text).map_err(|error| error.to_string());
    let (lock, installed) = (read(lock)?, read(installed)?);
    let mut outdated = Vec::new();
    for (path, pinned) in lock.packages {
        let Some(name) = path.rsplit_once("node_modules/").map(|(_, name)| name) else { continue };
        let (Some(wanted), Some(there)) = (pinned.version, installed.packages.get(&path)) else { continue };
        if let Some(version) = &there.version
            && *version != wanted
            && !pinned.optional
            && !pinned.dev_optional
        {
            outdated.push(format!("{name} {version} (the lock file has {wanted})"));
        }
    }
    Ok(outdated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_that_are_needed() {
        assert_eq!(needs_packages(r#"{"dependencies": {"vite": "^5"}}"#), Ok(true));
        assert_eq!(needs_packages(r#"{"devDependencies": {"vite": "^5"}}"#), Ok(true));
        assert_eq!(needs_packages(r#"{"name": "x", "dependencies": {}, "scripts": {}}"#), Ok(false));
        assert_eq!(needs_packages("\u{feff}{}"), Ok(false));
        assert!(needs_packages("{").is_err());
    }

    #[test]
    fn versions_that_are_not_those_of_the_lock_file() {
        let lock = r#"{"packages": {"": {"name": "x"}, "node_modules/vite": {"version": "5.2.0"},
            "node_modules/fsevents": {"version": "2.0.0", "optional": true},
            "node_modules/a/node_modules/@b/c": {"version": "1.0.0"}, "node_modules/same": {"version": "1.0.0"}}}"#;
        let installed = r#"{"packages": {"node_modules/vite": {"version": "5.1.0"}, "node_modules/fsevents": {"version": "1.0.0"},
            "node_modules/a/node_modules/@b/c": {"version": "0.9.0"}, "node_modules/same": {"version": "1.0.0"}}}"#;
        let outdated = outdated_packages(lock, installed).unwrap();
        assert_eq!(
            outdated,
            ["@b/c 0.9.0 (the lock file has 1.0.0)", "vite 5.1.0 (the lock file has 5.2.0)"]
        );
        assert_eq!(outdated_packages("{}", "{}"), Ok(vec![]));
        assert!(outdated_packages("", "{}").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"([\[\]{}:,"\n ]|"packages"|"version"|"node_modules/a"|null|é)*"#) {
            let _ = (needs_packages(&text), outdated_packages(&text, &text));
        }
    }
}
