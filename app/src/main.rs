//! Mounts the console, nothing else.

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(drawbridge_app::routes::Console);
}
