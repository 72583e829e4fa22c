//! `direnv.toml`: which files are loaded without having been allowed.

use serde::Deserialize;

/// What direnv's configuration says of which files it loads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirenvToml {
    /// Whether a `.env` is loaded where there is no `.envrc`.
    pub load_dotenv: bool,
    /// Beginnings of paths that need not be allowed.
    pub prefixes: Vec<String>,
    /// Paths that need not be allowed.
    pub exact: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    // Older versions had this outside of `[global]`.
    #[serde(default)]
    load_dotenv: bool,
    #[serde(default)]
    global: Global,
    #[serde(default)]
    whitelist: Whitelist,
}

#[derive(Default, Deserialize)]
struct Global {
    #[serde(default)]
    load_dotenv: bool,
}

#[derive(Default, Deserialize)]
struct Whitelist {
    #[serde(default)]
    prefix: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
}

/// Reads a `direnv.toml`.
///
/// # Errors
/// Says why direnv could not read it either.
pub fn parse_direnv_toml(text: &str, home: Option<&str>) -> Result<DirenvToml, String> {
    let file: File = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let expand = |path: &str| match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => format!("{}/{rest}", home.trim_end_matches('/')),
        _ => path.to_owned(),
    };
    let exact = |path: &String| {
        let path = expand(path);
        let names_a_file = path.ends_with("/.envrc") || path.ends_with("/.env");
        if names_a_file { path } else { format!("{}/.envrc", path.trim_end_matches('/')) }
    };
    Ok(DirenvToml {
        load_dotenv: file.load_dotenv || file.global.load_dotenv,
        prefixes: file.whitelist.prefix.iter().map(|path| expand(path)).collect(),
        exact: file.whitelist.exact.iter().map(exact).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_exact_paths_may_begin_at_the_home() {
        let text = "[global]\nload_dotenv = true\nwarn_timeout = '10s'\n[whitelist]\nprefix = ['~/work', '/srv']\n\
                    exact = ['~/a', '/b/.env']\n";
        let toml = parse_direnv_toml(text, Some("/home/user")).unwrap();
        assert!(toml.load_dotenv);
        assert_eq!(toml.prefixes, ["/home/user/work", "/srv"]);
        assert_eq!(toml.exact, ["/home/user/a/.envrc", "/b/.env"]);
        assert!(parse_direnv_toml("load_dotenv = true", None).unwrap().load_dotenv);
        assert_eq!(parse_direnv_toml("", None).unwrap(), DirenvToml::default());
        assert!(parse_direnv_toml("[whitelist", None).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"(\[whitelist\]\n|prefix|exact|[=\[\]'\n é]|[a-z~/]{1,3})*") {
            let _ = parse_direnv_toml(&text, Some("/h"));
        }
    }
}
