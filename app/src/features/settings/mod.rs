//! Settings → License and subscription, Settings → Tenant.

pub mod license;
mod policies;
pub mod tenant;
mod words;

pub use license::LicensePage;
pub use tenant::TenantPage;
