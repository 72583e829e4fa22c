//! git's configuration files.

use gix_config::File;
use gix_config::file::Metadata;
use gix_config::file::init::Options;

use super::located::is_large;

/// What of a configuration file counts here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitConfig {
    /// `user.name`.
    pub name: Option<String>,
    /// `user.email`.
    pub email: Option<String>,
    /// `safe.directory`, in order.
    pub safe: Vec<String>,
    /// Whether LFS's filter is set up.
    pub lfs: bool,
    /// The files that it includes, under whatever condition.
    pub includes: Vec<String>,
    /// The addresses of its remotes.
    pub remotes: Vec<String>,
}

/// Reads a configuration file.
///
/// # Errors
/// Why it is none.
pub fn parse_git_config(text: &str) -> Result<GitConfig, String> {
    if is_large(text) {
        return Err("it is too large to be read".to_owned());
    }
    let file = File::from_bytes_no_includes(text.as_bytes(), Metadata::default(), Options::default())
        .map_err(|error| error.to_string())?;
    let mut config = GitConfig::default();
    for section in file.sections() {
        let header = section.header();
        let name = header.name().to_string().to_lowercase();
        let below = header.subsection_name().map(|below| below.to_string()).unwrap_or_default();
        let last = |key: &str| section.value(key).map(|value| value.to_string());
        match (name.as_str(), below.as_str()) {
            ("user", "") => {
                config.name = last("name").or(config.name);
                config.email = last("email").or(config.email);
            }
            ("safe", "") => {
                config.safe.extend(section.values("directory").into_iter().map(|value| value.to_string()));
            }
            ("filter", "lfs") => {
                config.lfs |= ["process", "smudge", "clean"].iter().any(|key| last(key).is_some());
            }
            ("include" | "includeif", _) => {
                config.includes.extend(section.values("path").into_iter().map(|value| value.to_string()));
            }
            ("remote", _) => config.remotes.extend(last("url")),
            _ => {}
        }
    }
    Ok(config)
}

/// Whether a `safe.directory` makes git trust a repository in that folder: by its name, by `/*` after a folder above it,
/// or by `*`. An empty one forgets those before it.
pub fn is_safe(safe: &[String], folder: &str, home: Option<&str>) -> bool {
    let folder = folder.trim_end_matches('/');
    let mut trusted = false;
    for entry in safe {
        let entry = match (entry.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => format!("{home}/{rest}"),
            _ => entry.clone(),
        };
        trusted = match entry.strip_suffix("/*") {
            _ if entry.is_empty() => false,
            Some(above) => trusted || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/')),
            None => trusted || entry == "*" || entry.trim_end_matches('/') == folder,
        };
    }
    trusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_file() {
        let config = parse_git_config(
            "[user]\n\tname = Ann\n[User]\n\temail = ann@example.com\n[include]\n\tpath = ~/more\n\
             [includeIf \"gitdir:~/work/\"]\n\tpath = work.inc\n[safe]\n\tdirectory = /a\n\tdirectory = *\n\
             [filter \"lfs\"]\n\tprocess = git-lfs filter-process\n\trequired = true\n\
             [remote \"origin\"]\n\turl = git@github.com:a/b.git\n",
        )
        .unwrap();
        assert_eq!((config.name.as_deref(), config.email.as_deref()), (Some("Ann"), Some("ann@example.com")));
        assert_eq!(config.safe, ["/a", "*"]);
        assert_eq!(config.includes, ["~/more", "work.inc"]);
        assert!(config.lfs);
        assert_eq!(config.remotes, ["git@github.com:a/b.git"]);
        assert!(parse_git_config("[user\nname").is_err());
        assert_eq!(parse_git_config(""), Ok(GitConfig::default()));
    }

    #[test]
    fn which_folders_are_safe() {
        let safe = |entries: &[&str]| {
            let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
            is_safe(&entries, "/home/ann/app", Some("/home/ann"))
        };
        for entries in
            [&["*"][..], &["/home/ann/app"], &["/home/ann/app/"], &["/home/*"], &["~/app"], &["", "*"]]
        {
            assert!(safe(entries), "{entries:?}");
        }
        for entries in [&[][..], &["/home/ann"], &["/home/ann/app2"], &["*", ""], &["/home/ann/app/*"]] {
            assert!(!safe(entries), "{entries:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(\[|\]|user|safe|filter "lfs"|include|path|=|\\|"|\n| |#|é)*"#) {
            let _ = parse_git_config(&text);
        }
    }
}
