//! The fields of a form that is made from a connector's definition.

use drawbridge_domain::connector::{Field, FieldKind};
use leptos::prelude::*;

use crate::features::connections::words;
use crate::ui::input::{TextAreaFieldProps, TextFieldProps};
use crate::ui::{Choice, InputKind, SecretField, SelectField, TextAreaField, TextField};

/// Draws one field. `keeps`: a secret that is there stays where nothing is typed.
pub(in crate::features::connections) fn field(
    field: &Field,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
    on_leave: Callback<()>,
    keeps: bool,
) -> AnyView {
    let label = Signal::stored(field.label.clone());
    let help = Signal::stored(field.help.clone());
    let name = field.id.clone();
    let required = field.required && !(keeps && field.secret);
    match field.kind {
        FieldKind::LongText => {
            let mut props = TextAreaFieldProps::builder()
                .label(label)
                .value(value)
                .name(name)
                .help(help)
                .error(error)
                .required(required)
                .code(field.secret)
                .on_leave(on_leave)
                .build();
            props.placeholder.clone_from(&field.placeholder);
            TextAreaField(props).into_any()
        }
        _ if field.secret => view! {
            <SecretField label value name help error required keeps=keeps on_leave />
        }
        .into_any(),
        FieldKind::Select => {
            let options = field.options.iter().map(|option| Choice::new(&option.value, &option.label));
            let blank = (field.default.is_none() || !required).then(|| Choice::new("", words::CHOOSE_ONE));
            let options: Vec<_> = blank.into_iter().chain(options).collect();
            view! { <SelectField label value options name help error required /> }.into_any()
        }
        FieldKind::Text | FieldKind::Url | FieldKind::Email | FieldKind::Gateway | FieldKind::Target => {
            let kind = match field.kind {
                // A box of kind “url” refuses nothing here, and phones show the keys for it.
                FieldKind::Url => InputKind::Url,
                FieldKind::Email => InputKind::Email,
                _ => InputKind::Text,
            };
            let mut props = TextFieldProps::builder()
                .label(label)
                .value(value)
                .kind(kind)
                .name(name)
                .help(help)
                .error(error)
                .required(required)
                .on_leave(on_leave)
                .build();
            props.prefix.clone_from(&field.prefix);
            props.suffix.clone_from(&field.suffix);
            props.placeholder.clone_from(&field.placeholder);
            TextField(props).into_any()
        }
    }
}
