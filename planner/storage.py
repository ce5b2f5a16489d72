"""Static files under names that carry their digest, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """Also rewrites `import "./b.js"` inside modules; without it the door's scanner would load stale parts."""

    support_js_module_import_aggregation = True
