//! `envdoctor schema`: the JSON Schemas of what `--format json` prints, and of the settings.

use serde_json::Value as Json;

use super::args::Form;
use super::context::Context;
use super::explain::RuleForm;
use super::fix::FixForm;
use super::{Failure, OK};
use crate::built_in;
use crate::report::{FactsForm, ReportForm, schema_of};
use crate::schema::settings_file;

pub(super) fn schema(context: &Context, form: Form) -> Result<u8, Failure> {
    context.print_json(&of(form));
    Ok(OK)
}

/// The schema of a form.
pub(super) fn of(form: Form) -> Json {
    let schema = match form {
        Form::Config => return settings_file(&built_in::rules()),
        Form::Report => schema_of::<ReportForm<'_>>(),
        Form::Facts => schema_of::<FactsForm<'_>>(),
        Form::Fix => schema_of::<FixForm<'_>>(),
        Form::Explain => schema_of::<RuleForm<'_>>(),
    };
    schema.to_value()
}
