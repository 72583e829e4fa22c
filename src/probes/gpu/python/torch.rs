//! The torch among a Python's packages, and what it was built for.

use std::path::PathBuf;

use super::packages::Packages;
use crate::facts::Reading;
use crate::probes::Context;

/// An installed torch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Torch {
    pub(super) version: String,
    /// `cpu`, `cu124`, `rocm6.2`
    pub(super) build: Option<String>,
    pub(super) cuda: Option<String>,
    pub(super) hip: Option<String>,
    pub(super) file: PathBuf,
}

impl Torch {
    pub(super) fn of(context: &Context, packages: &Packages) -> Reading<Torch> {
        packages.get("torch").map(|package| {
            let file = package.folder.join("torch/version.py");
            let text = context.machine().read(&file).present().unwrap_or_default();
            parse(&text, &package.version, file)
        })
    }
}

/// What `torch/version.py` says; the name of the package's folder knows less, since PyPI allows no `+cu124`.
fn parse(text: &str, installed: &str, file: PathBuf) -> Torch {
    let value = |name: &str| {
        text.lines().find_map(|line| {
            let (left, right) = line.split_once('=')?;
            (left.split(':').next()?.trim() == name).then(|| {
                let quoted = right.trim().strip_prefix(['\'', '"'])?;
                quoted.split(['\'', '"']).next().filter(|value| !value.is_empty()).map(str::to_owned)
            })?
        })
    };
    let version = value("__version__").unwrap_or_else(|| installed.to_owned());
    let (cuda, hip) = (value("cuda"), value("hip"));
    let build = match (version.split_once('+'), &cuda, &hip) {
        (Some((_, local)), ..) if is_build(local) => Some(local.to_owned()),
        (_, Some(cuda), _) => Some(format!("cu{}", cuda.replace('.', ""))),
        (_, _, Some(hip)) => Some(format!("rocm{}", hip.split('.').take(2).collect::<Vec<_>>().join("."))),
        // Of macOS's builds it says the same, which can use Metal.
        _ => None,
    };
    Torch { version, build, cuda, hip, file }
}

fn is_build(local: &str) -> bool {
    local == "cpu" || local.starts_with("cu") || local.starts_with("rocm") || local == "xpu"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn torch(text: &str, installed: &str) -> (String, Option<String>, Option<String>, Option<String>) {
        let torch = parse(text, installed, PathBuf::new());
        (torch.version, torch.build, torch.cuda, torch.hip)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn every_kind_of_build() {
        let head = "from typing import Optional\n\n__all__ = ['__version__', 'debug', 'cuda']\n";
        let cpu = format!(
            "{head}__version__ = '2.5.1+cpu'\ndebug = False\ncuda: Optional[str] = None\nhip: Optional[str] = None\n"
        );
        assert_eq!(torch(&cpu, "2.5.1+cpu"), ("2.5.1+cpu".into(), some("cpu"), None, None));
        let cuda = format!(
            "{head}__version__ = '2.5.1+cu124'\ndebug = False\ncuda: Optional[str] = '12.4'\nhip: Optional[str] = None\n"
        );
        assert_eq!(torch(&cuda, "2.5.1"), ("2.5.1+cu124".into(), some("cu124"), some("12.4"), None));
        let old = "__version__ = '1.7.1'\ndebug = False\ncuda = '10.2'\nhip = None\n";
        assert_eq!(torch(old, "1.7.1"), ("1.7.1".into(), some("cu102"), some("10.2"), None));
        let rocm = format!(
            "{head}__version__ = '2.5.1+rocm6.2'\ncuda: Optional[str] = None\nhip: Optional[str] = '6.2.41133-dd7f95766'\n"
        );
        assert_eq!(
            torch(&rocm, "2.5.1"),
            ("2.5.1+rocm6.2".into(), some("rocm6.2"), None, some("6.2.41133-dd7f95766"))
        );
        let mac =
            format!("{head}__version__ = '2.5.1'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n");
        assert_eq!(torch(&mac, "2.5.1"), ("2.5.1".into(), None, None, None));
    }

    #[test]
    fn without_its_file_the_folders_name_counts() {
        assert_eq!(torch("", "2.4.0+cpu"), ("2.4.0+cpu".into(), some("cpu"), None, None));
        assert_eq!(torch("", "2.4.0+git1a2b"), ("2.4.0+git1a2b".into(), None, None, None));
        assert_eq!(torch("=\n:=\ncuda = '", "2.4.0"), ("2.4.0".into(), None, None, None));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"[a-z0-9._+=: '"\n\-é]{0,80}"#) {
            let _ = parse(&text, &text, PathBuf::new());
            let _ = parse(&format!("cuda: x = '{text}"), "1.0", PathBuf::new());
        }
    }
}
