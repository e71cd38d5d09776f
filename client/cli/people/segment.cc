// canvass segment: saved groups of customers.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/segment.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/load.h"
#include "client/cli/output/condition_view.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

Columns<v1::Segment> SegmentColumns() {
  return {
      {{"SEGMENT"}, [](const v1::Segment& s) { return ShortName(s.name()); }},
      {{"DISPLAY NAME"}, [](const v1::Segment& s) { return s.display_name(); }},
      {{.title = "CONDITION", .fit = Fit::kCut}, [](const v1::Segment& s) { return ConditionText(s.condition()); }},
      {{"UPDATED"}, [](const v1::Segment& s) { return TimeText(s.update_time()); }},
  };
}

struct SegmentFlags {
  std::string id;
  std::vector<std::string> files;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<SegmentFlags>;

absl::Status Apply(Session& session, const SegmentFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto documents = LoadAll<v1::Segment>(flags.files, *tenant, ReadSegment);
  if (!documents.ok()) return documents.status();
  std::vector<v1::Segment> applied;
  for (Document<v1::Segment>& document : *documents) {
    session.SetLocations(std::move(document.locations));
    v1::UpdateSegmentRequest request;
    *request.mutable_segment() = std::move(document.message);
    request.set_allow_missing(true);
    absl::StatusOr<v1::Segment> segment = session.Call(&client::Segments::UpdateSegment, request);
    if (!segment.ok()) return segment.status();
    session.out().Note(absl::StrCat("segment ", ShortName(segment->name()), " applied"));
    applied.push_back(*std::move(segment));
  }
  if (session.out().format() == Format::kTable) return absl::OkStatus();
  return session.out().PrintList(applied, SegmentColumns());
}

absl::Status Get(Session& session, const SegmentFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("segments", flags.id);
  if (!name.ok()) return name.status();
  v1::GetSegmentRequest request;
  request.set_name(*name);
  const auto segment = session.Call(&client::Segments::GetSegment, request);
  return segment.ok() ? session.out().PrintOne(*segment, SegmentColumns()) : segment.status();
}

absl::Status List(Session& session, const SegmentFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListSegmentsRequest request;
  request.set_parent(*tenant);
  const auto segments =
      ListAll(session, &client::Segments::ListSegments, request, &v1::ListSegmentsResponse::segments, flags.limit);
  return segments.ok() ? session.out().PrintList(*segments, SegmentColumns()) : segments.status();
}

absl::Status Delete(Session& session, const SegmentFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("segments", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(absl::StrCat("Delete segment ", ShortName(*name), "?"));
  if (!status.ok()) return status;
  v1::DeleteSegmentRequest request;
  request.set_name(*name);
  const auto response = session.Call(&client::Segments::DeleteSegment, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("segment ", ShortName(*name), " deleted"));
  return absl::OkStatus();
}

}  // namespace

void AddSegmentCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("segment", "Saved groups of customers, for triggers");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const SegmentFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<SegmentFlags>();

  CLI::App& apply = add("apply", "Create or change segments from YAML or JSON", Apply, flags);
  AddFiles(apply, flags->files, "The segments")->required();
  apply.footer(
      "The file has the fields of a segment:\n"
      "  id: loyal\n"
      "  display_name: Loyal customers\n"
      "  condition: contact.orders >= 10 AND contact.country = \"FR\"   # AIP-160; or all/any/not/compare");
  const auto with_id = [&](CLI::App& verb) { verb.add_option("segment", flags->id, "Its id")->required(); };
  with_id(add("get", "Show a segment", Get, flags));
  AddLimit(add("list", "List segments", List, flags), flags->limit);
  with_id(add("delete", "Delete a segment that no trigger names", Delete, flags));
}

}  // namespace canvass::cli
