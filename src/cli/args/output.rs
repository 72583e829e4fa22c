//! The files that a report is written to, and its forms.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args as ClapArgs, ValueEnum};

use crate::report::Format;

/// Options of the commands that make a report.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Outputs {
    /// Also write the report to a file, in a form of its own; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    pub(super) output: Vec<Output>,
}

/// A file that the report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Output {
    /// The form.
    pub(in crate::cli) format: Format,
    /// The file.
    pub(in crate::cli) file: PathBuf,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

pub(super) fn output(text: &str) -> Result<Output, String> {
    let Some((format, file)) = text.split_once('=') else {
        return Err("it needs a form and a file, such as junit=report.xml".to_owned());
    };
    let names = || Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    let named = Format::ALL.iter().find(|known| known.name() == format);
    let format = *named.ok_or_else(|| format!("there is no form `{format}`; there are: {}", names()))?;
    match file {
        "" => Err(format!("it needs a file, such as {}=report", format.name())),
        "-" => Err(format!("`-` is no file: --format {} prints it on stdout", format.name())),
        file => Ok(Output { format, file: PathBuf::from(file) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_names_a_form_and_a_file() {
        let of = |text: &str| output(text);
        assert_eq!(of("junit=a=b.xml").unwrap().file.to_str(), Some("a=b.xml"));
        for (wrong, why) in [
            ("report.xml", "junit=report.xml"),
            ("xml=a", "there are: human, json, junit"),
            ("sarif=-", "--format sarif"),
            ("sarif=", "needs a file"),
        ] {
            assert!(of(wrong).unwrap_err().contains(why), "{wrong}");
        }
    }
}
