//! The file that makes a folder a virtual environment.

/// The version of Python that a `pyvenv.cfg` names.
pub(in crate::probes) fn environment_version(text: &str) -> Option<String> {
    let full = setting(text, "version").or_else(|| setting(text, "version_info"))?;
    // virtualenv writes 3.11.7.final.0
    let version = full.split(".final").next()?;
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
}

/// Whether the packages of the Python beneath are seen too.
pub(super) fn sees_system(text: &str) -> bool {
    setting(text, "include-system-site-packages").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn setting<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim().eq_ignore_ascii_case(name)).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_maker_of_environments_writes() {
        let venv = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n";
        assert_eq!(environment_version(venv).as_deref(), Some("3.11.7"));
        assert!(!sees_system(venv));
        let virtualenv = "version_info = 3.11.7.final.0\ninclude-system-site-packages = TRUE\n";
        assert_eq!(environment_version(virtualenv).as_deref(), Some("3.11.7"));
        assert!(sees_system(virtualenv));
        let uv = "home = /x\nimplementation = CPython\nuv = 0.5.1\nversion_info = 3.12.3\n";
        assert_eq!(environment_version(uv).as_deref(), Some("3.12.3"));
        assert_eq!(environment_version("version\n=\nversion = x"), None);
    }
}
