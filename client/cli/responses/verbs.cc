#include "client/cli/responses/verbs.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/documents/answers.h"
#include "client/cli/documents/hidden_fields.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/names.h"
#include "client/cli/responses/export_responses.h"
#include "client/cli/responses/import_responses.h"
#include "client/cli/responses/watch_responses.h"
#include "client/cli/survey/verbs.h"

namespace canvass::cli {
namespace {

struct WatchFlags {
  std::string survey;
  std::string filter;
  std::string since;
};

absl::Status Watch(Session& session, const WatchFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::WatchResponsesRequest request;
  request.set_parent(*tenant);
  if (!flags.survey.empty()) request.set_survey(FullName(*tenant, "surveys", flags.survey));
  request.set_filter(flags.filter);
  if (!flags.since.empty()) {
    absl::Status status = ReadMomentFlag("--since", flags.since, session.Now(), *request.mutable_start_time());
    if (!status.ok()) return status;
  }
  return WatchResponses(session, std::move(request));
}

void AddImport(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<ResponseImportFlags>();
  CLI::App& import = commands.AddVerb(noun, "import", "Take in answers of the past, from CSV or NDJSON",
                                      [flags](Session& session) { return ImportResponses(session, *flags); });
  import.add_option("file", flags->file, "The table; - for standard input")->required()->type_name("FILE");
  import.add_option("--survey", flags->survey, "The survey that was answered")->required();
  import.add_option("--map", flags->map, "Which column is what, as YAML")->type_name("FILE");
  import.add_option("--format", flags->format, "By the file's name if not given")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  import.add_option("--name", flags->name,
                    "What tells this import from others; the survey and the file's name if not given");
  import.add_option("--rejects", flags->rejects, "Where rejected rows go; FILE.rejected.csv if not given")
      ->type_name("FILE");
  import.add_flag("--ignore-unknown", flags->ignore_unknown, "Leave out columns that are nothing");
  import.add_flag("--dry-run", flags->dry_run, "Check everything, store nothing");
  import.footer(
      "  canvass response import answers.csv --survey visit --map answers.yaml --dry-run\n\n"
      "Columns are questions' keys, answer_time, start_time, contact, language, channel, device, request_id, "
      "dismissed,\n"
      "facts.event.NAME, facts.contact.NAME, hidden.KEY; quality.speed is a row of a matrix.\n"
      "Several options: staff;food.\n"
      "A mapping says it of other columns:\n"
      "  time_format: \"%d.%m.%Y %H:%M\"\n"
      "  time_zone: Europe/Prague\n"
      "  ignore: [Internal number]\n"
      "  columns:\n"
      "    answer_time: Submitted at\n"
      "    language: {value: cs}\n"
      "    facts.event.total: {column: Amount, type: number}\n"
      "    recommend:\n"
      "      column: How likely?\n"
      "      values: {Very likely: 10, Likely: 8}\n"
      "      dismissed: [N/A]\n"
      "Run it again after Ctrl-C or a failure: what is stored is not stored twice.");
}

void AddExport(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<ResponseExportFlags>();
  CLI::App& verb = commands.AddVerb(noun, "export", "Write all responses to a survey as CSV or NDJSON",
                                    [flags](Session& session) { return ExportResponses(session, *flags); });
  verb.add_option("--survey", flags->survey, "The survey")->required();
  verb.add_option("--format", flags->format, "By the file's name if not given, else csv")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  verb.add_option("--filter", flags->filter, "Only those of which this is true: 'answer.recommend <= 6'");
  verb.add_option("--since", flags->since, "Only those stored at or after this time, or so long ago (7d)");
  verb.add_option("--until", flags->until, "Only those stored before this time");
  verb.add_option("--facts", flags->facts, "A fact that is a column of CSV: event.store; once for each")
      ->type_name("PATH")
      ->allow_extra_args(false);
  AddOut(verb, flags->out);
  verb.footer("  canvass response export --survey visit --facts event.store -o visit.csv");
}

}  // namespace

void AddResponseTransfer(CommandSet& commands, CLI::App& noun) {
  AddImport(commands, noun);
  AddExport(commands, noun);
  auto flags = std::make_shared<WatchFlags>();
  CLI::App& watch = commands.AddVerb(noun, "watch", "Print responses as they are stored and changed, until Ctrl-C",
                                     [flags](Session& session) { return Watch(session, *flags); });
  watch.add_option("--survey", flags->survey, "Only those to this survey");
  watch.add_option("--filter", flags->filter, "Only those of which this is true: 'answer.recommend <= 6'");
  watch.add_option("--since", flags->since, "What was stored or changed since this time, or so long ago (1h), first");
}

Columns<v1::Response> ResponseColumns() {
  return {
      {{"RESPONSE"}, [](const v1::Response& r) { return ShortName(r.name()); }},
      {{"ANSWERED"}, [](const v1::Response& r) { return TimeText(r.answer_time()); }},
      {{"SURVEY"}, [](const v1::Response& r) { return absl::StrCat(ShortName(r.survey()), " v", r.survey_version()); }},
      {{"CONTACT"}, [](const v1::Response& r) { return ShortName(r.contact()); }},
      {{"CHANNEL"}, [](const v1::Response& r) { return EnumText(*v1::Invitation::Channel_descriptor(), r.channel()); }},
      {{"LANGUAGE"}, [](const v1::Response& r) { return r.language(); }},
      {{.title = "ANSWERS", .fit = Fit::kCut}, [](const v1::Response& r) { return AnswersText(r); }},
  };
}

Columns<v1::Response> ResponseFields() {
  Columns<v1::Response> fields = ResponseColumns();
  fields.push_back({{"DEVICE"}, [](const v1::Response& r) { return EnumText(*r.Device_descriptor(), r.device()); }});
  fields.push_back({{"TOOK"}, [](const v1::Response& r) { return SpanText(r.duration()); }});
  fields.push_back({{"HIDDEN"}, HiddenFieldsText});
  fields.push_back({{"TAGS"}, [](const v1::Response& r) { return absl::StrJoin(r.tags(), ", "); }});
  fields.push_back({{"NOTE"}, [](const v1::Response& r) { return r.note(); }});
  fields.push_back({{"EXCLUDED"}, [](const v1::Response& r) { return r.exclusion().reason(); }});
  return fields;
}

}  // namespace canvass::cli
