//! The user, and groups of users.

use uzers::os::unix::GroupExt;

use super::super::{Reply, User};
use crate::facts::Reading;

pub(super) fn user() -> Reading<Reply> {
    let uid = uzers::get_effective_uid();
    let user = uzers::get_user_by_uid(uid);
    // A container may run as a number that has no name.
    let name =
        user.as_ref().map_or_else(|| uid.to_string(), |user| user.name().to_string_lossy().into_owned());
    let groups = user.and_then(|user| uzers::get_user_groups(user.name(), user.primary_group_id()));
    let groups = groups.unwrap_or_default();
    let mut groups: Vec<String> =
        groups.iter().map(|group| group.name().to_string_lossy().into_owned()).collect();
    groups.sort();
    groups.dedup();
    Reading::Present(Reply::User(User { uid, name, groups }))
}

pub(super) fn group(name: &str) -> Reading<Reply> {
    if name.contains('\0') {
        return Reading::Absent;
    }
    uzers::get_group_by_name(name)
        .map(|group| {
            Reply::Names(group.members().iter().map(|it| it.to_string_lossy().into_owned()).collect())
        })
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_runs_this() {
        let Reading::Present(Reply::User(user)) = user() else { panic!("no answer") };
        assert!(!user.name.is_empty());
        assert_eq!(group("no-such-group"), Reading::Absent);
    }
}
