//! Versions of Debian's packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::Context;
use super::beam::Found;
use super::{TOOLS, Tool};

/// The list of installed packages.
const STATUS: &str = "/var/lib/dpkg/status";

/// The upstream version of the package that a tool of the distribution came with.
pub(super) fn version(context: &Context, tool: &Tool, real: &Path) -> Option<Found> {
    if !real.starts_with("/usr") || real.starts_with("/usr/local") {
        return None;
    }
    let installed = context.debian(Path::new(STATUS), installed).present()?;
    packages(context, tool, real)
        .iter()
        .find_map(|package| upstream(installed.content.get(package)?))
        .map(|version| (version, PathBuf::from(STATUS)))
}

/// Whether a package is one that a tool's version is looked up by.
pub fn is_tool_package(package: &str) -> bool {
    TOOLS
        .iter()
        .any(|tool| package == tool.package || package.strip_prefix(tool.package).is_some_and(is_number))
        || package.strip_prefix("python3.").is_some_and(is_number)
}

fn packages(context: &Context, tool: &Tool, real: &Path) -> Vec<String> {
    match tool.name {
        // A wrapper runs the newest client.
        "psql" => {
            let versions =
                context.machine().list(Path::new("/usr/lib/postgresql")).present().unwrap_or_default();
            let newest = versions.iter().filter_map(|name| name.parse::<u32>().ok()).max();
            newest.map(|newest| format!("{}{newest}", tool.package)).into_iter().collect()
        }
        "python3" => real.file_name().map(|name| name.to_string_lossy().into_owned()).into_iter().collect(),
        _ => vec![tool.package.to_owned()],
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The versions of the tools' packages that are installed, in dpkg's list.
fn installed(status: &str) -> BTreeMap<String, String> {
    const HEAD: &str = "Package: ";
    let heads = memchr::memmem::find_iter(status.as_bytes(), HEAD);
    let heads = heads.filter(|&at| at == 0 || status.as_bytes().get(at - 1) == Some(&b'\n'));
    let version = |at: usize| {
        let package = status[at + HEAD.len()..].lines().next().filter(|name| is_tool_package(name))?;
        let paragraph = status[at..].split("\n\n").next()?;
        let field = |name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let is_installed = field("Status:").is_none_or(|status| status.ends_with(" installed"));
        is_installed.then(|| Some((package.to_owned(), field("Version:")?.to_owned())))?
    };
    heads.filter_map(version).collect()
}

/// `2.39.5` of `1:2.39.5-0+deb12u3`.
fn upstream(version: &str) -> Option<String> {
    let version = version.split_once(':').map_or(version, |(_epoch, rest)| rest);
    let version = version.rsplit_once('-').map_or(version, |(upstream, _revision)| upstream);
    let end = [".dfsg", "+", "~dfsg", "~ds", ".ds"]
        .iter()
        .filter_map(|mark| version.find(mark))
        .min()
        .unwrap_or(version.len());
    let version = version[..end].replace('~', "-");
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstream_versions() {
        for (debian, plain) in [
            ("2.8.0-1.1+b1", "2.8.0"),
            ("1.14.0.dfsg-2", "1.14.0"),
            ("1.20.4+dfsg-1", "1.20.4"),
            ("1:2.39.5-0+deb12u3", "2.39.5"),
            ("1:27.3.4.1+dfsg-1+deb13u3", "27.3.4.1"),
            ("20.20.2-1nodesource1+repack1", "20.20.2"),
            ("3.11.2-6+deb12u6", "3.11.2"),
            ("1.18.0~rc.0-1", "1.18.0-rc.0"),
            ("2.32.1", "2.32.1"),
        ] {
            assert_eq!(upstream(debian).as_deref(), Some(plain), "{debian}");
        }
        for none in ["", "-", ":", "abc", "1:"] {
            assert_eq!(upstream(none), None, "{none}");
        }
    }

    #[test]
    fn only_installed_packages_count() {
        let status = "Package: git\nStatus: install ok installed\nVersion: 1:2.39.5-0\nDescription: x\n Version: 9\n\n\
                      Package: git-lfs\nVersion: 3\n\nPackage: nodejs\nStatus: deinstall ok config-files\nVersion: 18\n";
        assert_eq!(installed(status), BTreeMap::from([("git".to_owned(), "1:2.39.5-0".to_owned())]));
        let other = status.replace("git-lfs\n", "nix-bin\n");
        assert_eq!(installed(&other)["nix-bin"], "3");
        assert!(installed("").is_empty());
    }

    #[test]
    fn packages_of_tools_and_no_others() {
        for package in ["git", "nix-bin", "postgresql-client-15", "python3.11"] {
            assert!(is_tool_package(package), "{package}");
        }
        for package in ["git-lfs", "postgresql-client-common", "python3-venv", "openssl"] {
            assert!(!is_tool_package(package), "{package}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_version_is_too_odd(text in r"(\.dfsg|[0-9]{1,3}|[:~+.\-é])*") {
            let _ = upstream(&text);
            let _ = installed(&format!("Package: git\n{text}"));
        }
    }
}
