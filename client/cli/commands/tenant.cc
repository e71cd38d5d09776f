// canvass tenant: what the operator does with tenants, and what a tenant sees of itself.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/tenant.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

Columns<v1::Tenant> TenantColumns() {
  return {
      {{"TENANT"}, [](const v1::Tenant& t) { return ShortName(t.name()); }},
      {{.title = "NAME", .fit = Fit::kCut}, [](const v1::Tenant& t) { return t.display_name(); }},
      {{"STATE"}, [](const v1::Tenant& t) { return EnumText(*v1::Tenant::State_descriptor(), t.state()); }},
      {{"TIME ZONE"}, [](const v1::Tenant& t) { return t.time_zone(); }},
      {{"CREATED"}, [](const v1::Tenant& t) { return TimeText(t.create_time()); }},
  };
}

struct TenantFlags {
  std::string id;
  std::string display_name;
  std::string time_zone;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<TenantFlags>;

absl::Status Show(Session& session, const absl::StatusOr<v1::Tenant>& tenant) {
  return tenant.ok() ? session.out().PrintOne(*tenant, TenantColumns()) : tenant.status();
}

absl::Status Create(Session& session, const TenantFlags& flags) {
  v1::CreateTenantRequest request;
  request.set_tenant_id(flags.id);
  request.mutable_tenant()->set_display_name(flags.display_name);
  request.mutable_tenant()->set_time_zone(flags.time_zone);
  absl::Status status = Show(session, session.Call(&client::Tenants::CreateTenant, request));
  if (status.ok()) {
    session.out().Note(
        absl::StrCat("next: canvass key create --tenant ", flags.id, " --role admin --save-context ", flags.id));
  }
  return status;
}

absl::Status Get(Session& session, const TenantFlags& flags) {
  const absl::StatusOr<std::string> own = session.Tenant();
  if (!own.ok()) return own.status();
  v1::GetTenantRequest request;
  request.set_name(flags.id.empty() ? *own : TenantName(flags.id));
  return Show(session, session.Call(&client::Tenants::GetTenant, request));
}

absl::Status List(Session& session, const TenantFlags& flags) {
  const auto tenants =
      ListAll(session, &client::Tenants::ListTenants, {}, &v1::ListTenantsResponse::tenants, flags.limit);
  return tenants.ok() ? session.out().PrintList(*tenants, TenantColumns()) : tenants.status();
}

absl::Status Update(Session& session, const TenantFlags& flags) {
  v1::UpdateTenantRequest request;
  request.mutable_tenant()->set_name(TenantName(flags.id));
  request.mutable_tenant()->set_display_name(flags.display_name);
  request.mutable_update_mask()->add_paths("display_name");
  return Show(session, session.Call(&client::Tenants::UpdateTenant, request));
}

absl::Status Suspend(Session& session, const TenantFlags& flags) {
  absl::Status status = session.Confirm(absl::StrCat("Stop all writes of tenant ", flags.id, "?"));
  if (!status.ok()) return status;
  v1::SuspendTenantRequest request;
  request.set_name(TenantName(flags.id));
  return Show(session, session.Call(&client::Tenants::SuspendTenant, request));
}

absl::Status Resume(Session& session, const TenantFlags& flags) {
  v1::ResumeTenantRequest request;
  request.set_name(TenantName(flags.id));
  return Show(session, session.Call(&client::Tenants::ResumeTenant, request));
}

}  // namespace

void AddTenantCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("tenant", "Companies that use Canvass (for the operator)");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const TenantFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<TenantFlags>();

  CLI::App& create = add("create", "Create a tenant", Create, flags);
  create.add_option("tenant", flags->id, "Its id: a-z, 0-9 and '-', for example acme")->required();
  create.add_option("--display-name", flags->display_name, "For people");
  create.add_option("--time-zone", flags->time_zone, "IANA name; its midnight starts the days of every metric. Fixed");

  CLI::App& get = add("get", "Show a tenant", Get, flags);
  get.add_option("tenant", flags->id, "Its id; without it, the credential's own");

  AddLimit(add("list", "List all tenants", List, flags), flags->limit);

  CLI::App& update = add("update", "Change a tenant's display name", Update, flags);
  update.add_option("tenant", flags->id, "Its id")->required();
  update.add_option("--display-name", flags->display_name, "For people")->required();

  CLI::App& suspend = add("suspend", "Stop a tenant's writes; reads go on", Suspend, flags);
  suspend.add_option("tenant", flags->id, "Its id")->required();

  CLI::App& resume = add("resume", "End a suspension", Resume, flags);
  resume.add_option("tenant", flags->id, "Its id")->required();
}

}  // namespace canvass::cli
