#include "reconcilers/snapshot/system_tables.h"

#include <array>
#include <string>
#include <unordered_map>

namespace reconcile::snapshot {
namespace {

struct SystemTable {
  std::string_view name;
  /// Separated by spaces; `>` names the collection that a field refers to, without its prefix.
  std::string_view fields;
};

/// Of Directus 11.6.1, 11.17.4 and 12.4.0 together: a database has no column of a version it never
/// was on.
constexpr std::array<SystemTable, 34> tables = {
    {{"directus_access", "id policy>policies role>roles sort user>users"},
     {"directus_activity",
      "action collection id ip item origin revisions timestamp user>users user_agent"},
     {"directus_collections",
      "accountability accountability_divider archive_app_filter archive_divider "
      "archive_field archive_value autosave_revision_interval collapse collection "
      "collection_divider color content_translations_divider "
      "content_versioning_divider display_template duplication_divider "
      "group>collections hidden icon item_duplication_fields note preview_divider "
      "preview_url singleton sort sort_divider sort_field status translations "
      "translations_enable_helper unarchive_value versioning"},
     {"directus_comments",
      "collection>collections comment date_created date_updated id item "
      "user_created>users user_updated>users"},
     {"directus_dashboards", "color date_created icon id name note panels user_created>users"},
     {"directus_deployment_projects",
      "date_created deployable deployment>deployments external_id framework id name "
      "runs url user_created>users"},
     {"directus_deployment_runs",
      "completed_at date_created external_id id project>deployment_projects "
      "started_at status target url user_created>users"},
     {"directus_deployments",
      "credentials date_created id last_synced_at options projects provider "
      "user_created>users webhook_ids"},
     {"directus_extensions", "bundle enabled folder id source"},
     {"directus_fields",
      "collection>collections conditions display display_options field group>fields "
      "hidden id interface note options readonly required searchable sort special "
      "translations validation validation_message width"},
     {"directus_files",
      "charset created_on description duration embed filename_disk filename_download "
      "filesize focal_point_divider focal_point_x focal_point_y folder>folders height "
      "id location metadata modified_by>users modified_on storage storage_divider "
      "tags title tus_data tus_id type uploaded_by>users uploaded_on width"},
     {"directus_flows",
      "accountability color date_created description folder>folders icon id name "
      "operation>operations operations options status trigger user_created>users"},
     {"directus_folders", "id name parent>folders type"},
     {"directus_migrations", "name timestamp version"},
     {"directus_notifications",
      "collection id item message recipient>users sender>users status subject "
      "timestamp"},
     {"directus_oauth_clients",
      "client_id client_name client_secret_hash client_uri date_created grant_types "
      "logo_uri metadata_etag metadata_expires_at metadata_fetched_at policy_uri "
      "redirect_uris registration_type token_endpoint_auth_method tokens tos_uri"},
     {"directus_oauth_codes",
      "client>oauth_clients code_challenge code_challenge_method code_hash expires_at "
      "id redirect_uri resource scope used_at user>users"},
     {"directus_oauth_consents",
      "client>oauth_clients date_created date_updated id redirect_uri scope "
      "user>users"},
     {"directus_oauth_tokens",
      "client>oauth_clients code_hash date_created expires_at id previous_session "
      "resource scope session user>users"},
     {"directus_operations",
      "date_created flow>flows id key name options position_x position_y "
      "reject>operations resolve>operations type user_created>users"},
     {"directus_panels",
      "color dashboard>dashboards date_created height icon id name note options "
      "position_x position_y show_header type user_created>users width"},
     {"directus_permissions",
      "action collection fields id permissions policy>policies presets validation"},
     {"directus_policies",
      "admin_access app_access assigned_to_divider description enforce_tfa icon id "
      "ip_access name permissions roles users"},
     {"directus_presets",
      "bookmark collection color filter icon id layout layout_options layout_query "
      "refresh_interval role>roles search user>users"},
     {"directus_relations",
      "id junction_field many_collection many_field one_allowed_collections "
      "one_collection one_collection_field one_deselect_action one_field sort_field"},
     {"directus_revisions",
      "activity>activity collection data delta id item parent>revisions "
      "version>versions"},
     {"directus_roles",
      "children description icon id name parent>roles policies users users_divider "
      "users_group"},
     {"directus_sessions",
      "expires ip next_token oauth_client>oauth_clients origin share>shares token "
      "user>users user_agent"},
     {"directus_settings",
      "ai_anthropic_allowed_models ai_anthropic_api_key ai_divider "
      "ai_google_allowed_models ai_google_api_key ai_group ai_notice "
      "ai_openai_allowed_models ai_openai_api_key ai_openai_compatible_api_key "
      "ai_openai_compatible_base_url ai_openai_compatible_divider "
      "ai_openai_compatible_headers ai_openai_compatible_models "
      "ai_openai_compatible_name ai_openai_compatible_notice ai_system_prompt "
      "ai_translation_default_model ai_translation_divider ai_translation_glossary "
      "ai_translation_style_guide ai_translations_notice auth_login_attempts "
      "auth_password_policy basemaps branding_divider collaborative_editing_divider "
      "collaborative_editing_enabled custom_aspect_ratios custom_css "
      "default_appearance default_language default_save_action default_theme_dark "
      "default_theme_light files_divider id image_editor license_key license_token "
      "map_divider mapbox_key mcp_allow_deletes mcp_divider mcp_enabled mcp_group "
      "mcp_notice mcp_oauth_cimd_enabled mcp_oauth_clients_link mcp_oauth_dcr_enabled "
      "mcp_oauth_enabled mcp_prompts_collection mcp_prompts_collection_validation "
      "mcp_system_prompt mcp_system_prompt_divider mcp_system_prompt_enabled "
      "module_bar modules_divider org_name product_updates project_color "
      "project_descriptor project_id project_logo>files project_name project_owner "
      "project_status project_url project_usage public_background>files "
      "public_favicon>files public_foreground>files public_note public_registration "
      "public_registration_divider public_registration_email_filter "
      "public_registration_role>roles public_registration_verify_email report_bug_url "
      "report_error_url report_feature_url reporting_divider security_divider "
      "storage_asset_presets storage_asset_transform storage_default_folder>folders "
      "theme_dark_overrides theme_light_overrides theming_divider theming_group "
      "visual_editor_divider visual_editor_urls"},
     {"directus_shares",
      "collection>collections date_created date_end date_start id item max_uses name "
      "password role>roles times_used user_created>users"},
     {"directus_translations", "id key language value"},
     {"directus_users",
      "admin_divider appearance auth_data avatar>files description email "
      "email_notifications external_identifier first_name id language last_access "
      "last_name last_page location password policies preferences_divider provider "
      "role>roles status tags text_direction tfa_secret theme_dark "
      "theme_dark_overrides theme_light theme_light_overrides theming_divider title "
      "token"},
     {"directus_versions",
      "collection>collections date_created date_updated delta hash id item key name "
      "user_created>users user_updated>users"},
     {"directus_webhooks",
      "actions collections data headers id method migrated_flow>flows name status "
      "triggers_divider url was_active_before_deprecation"}}};

constexpr std::string_view prefix = "directus_";

/// By collection and field; the value is what the field refers to.
using Fields = std::unordered_map<std::string, std::string_view>;

std::string key_of(std::string_view collection, std::string_view field) {
  std::string key(collection);
  key += '.';
  key += field;
  return key;
}

const Fields& fields() {
  static const Fields all = [] {
    Fields found;
    for (const SystemTable& table : tables) {
      std::string_view rest = table.fields;
      while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const std::size_t arrow = word.find('>');
        found.emplace(key_of(table.name, word.substr(0, arrow)), arrow == std::string_view::npos
                                                                     ? std::string_view()
                                                                     : word.substr(arrow + 1));
      }
    }
    return found;
  }();
  return all;
}

}  // namespace

bool is_system_collection(std::string_view collection) {
  if (!collection.starts_with(prefix)) return false;
  for (const SystemTable& table : tables) {
    if (table.name == collection) return true;
  }
  return false;
}

bool is_system_field(std::string_view collection, std::string_view field) {
  return collection.starts_with(prefix) && fields().contains(key_of(collection, field));
}

bool is_system_relation(std::string_view collection, std::string_view field,
                        std::string_view related) {
  if (!collection.starts_with(prefix) || !related.starts_with(prefix)) return false;
  const auto found = fields().find(key_of(collection, field));
  return found != fields().end() && found->second == related.substr(prefix.size());
}

}  // namespace reconcile::snapshot
