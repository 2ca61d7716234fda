//! What can be wrong with a definition.

use std::fmt;

/// One fault of a definition, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionFault {
    /// The place, such as `auth.oauth.tokenUrl`.
    pub at: String,
    /// The fault.
    pub problem: Problem,
}

/// What is wrong at a place of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not an id in kebab-case.
    NotKebabCase,
    /// Not a name in camelCase, or a reserved one.
    NotAName,
    /// The same id twice.
    Twice,
    /// Nothing where there must be something, or too much.
    Length,
    /// A malformed template.
    Template,
    /// A placeholder that nothing declares.
    Unknown {
        /// The name.
        name: String,
    },
    /// A secret where it would end up in an address.
    SecretExposed {
        /// The name of the field.
        name: String,
    },
    /// A secret that is not kept secret, since its field is not marked so.
    NotSecret,
    /// Not an `https` address.
    NotHttps,
    /// An address outside the connector's hosts.
    OutsideHosts,
    /// Not a host pattern.
    HostPattern,
    /// Something that only a sandbox definition may have.
    SandboxOnly,
    /// A token endpoint that a person types, with a client that others registered.
    ClientExposed,
    /// A malformed format, or a default or option that does not have it.
    Format,
    /// A select without choices, or choices without a select.
    Options,
    /// A malformed JSON pointer.
    Pointer,
    /// Not the name of a header, or a header that carries credentials.
    Header,
    /// A scope that is named and not declared, or none to ask for.
    Scopes,
    /// A parameter that goes nowhere, or a placeholder of the path without its parameter.
    Parameter,
    /// A reference to a lookup that does not exist.
    Lookup,
    /// A method that cannot serve here.
    Method,
    /// Something that does not fit a connector whose calls go through a gateway, or one whose calls do not.
    Gateway,
}

impl fmt::Display for DefinitionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotKebabCase => "an id has small letters, digits and single hyphens",
            Self::NotAName => "a name has letters and digits, begins with a small letter and is not reserved",
            Self::Twice => "this id is there twice",
            Self::Length => "this is empty or too long",
            Self::Template => "the template is malformed",
            Self::Unknown { name } => return write!(f, "nothing declares {{{name}}}"),
            Self::SecretExposed { name } => {
                return write!(f, "{{{name}}} is secret and cannot stand in an address");
            }
            Self::NotSecret => "this must be a secret field",
            Self::NotHttps => "this must be an https address",
            Self::OutsideHosts => "this host is not among the connector's hosts",
            Self::HostPattern => "this is not a host pattern",
            Self::SandboxOnly => "only a sandbox definition may have this",
            Self::ClientExposed => "a registered client would be sent to an endpoint that a person types",
            Self::Format => "the format is malformed, or a default or option does not have it",
            Self::Options => "a select field needs options, and no other has them",
            Self::Pointer => "this is not a JSON pointer",
            Self::Header => "this is not the name of a header that may be fixed",
            Self::Scopes => "this scope is not declared",
            Self::Parameter => "path parameters and placeholders of the path do not match",
            Self::Lookup => "there is no such lookup",
            Self::Method => "this method cannot serve here",
            Self::Gateway => "this does not fit whether and how calls go through a gateway",
        })
    }
}
