// canvass contact: the people a tenant may ask.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/contact.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/bulk.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/assignments.h"
#include "client/cli/output/message_json.h"
#include "client/cli/paging.h"
#include "client/cli/people/import_contacts.h"
#include "client/cli/people/suppression.h"
#include "nlohmann/json.hpp"

namespace canvass::cli {
namespace {

Columns<v1::Contact> ContactColumns() {
  return {
      {{"CONTACT"}, [](const v1::Contact& c) { return ShortName(c.name()); }},
      {{"LANGUAGE"}, [](const v1::Contact& c) { return c.language(); }},
      {{"TIME ZONE"}, [](const v1::Contact& c) { return c.time_zone(); }},
      {{.title = "ATTRIBUTES", .fit = Fit::kCut}, [](const v1::Contact& c) { return ToJson(c.attributes()).dump(); }},
      {{"UPDATED"}, [](const v1::Contact& c) { return TimeText(c.update_time()); }},
  };
}

struct ContactFlags {
  std::string id;
  std::vector<std::string> files;
  std::vector<std::string> set;
  std::string language;
  std::string time_zone;
  std::string duplicate;
  std::string channel;
  std::string note;
  bool dry_run = false;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<ContactFlags>;

absl::Status UpsertFiles(Session& session, const ContactFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  BulkRun run(session, "contacts", flags.files);
  const auto send = [&](std::vector<Document<v1::Contact>>& batch) -> absl::Status {
    v1::BatchUpsertContactsRequest request;
    request.set_parent(*tenant);
    for (Document<v1::Contact>& document : batch) *request.add_contacts() = std::move(document.message);
    const auto response = session.Call(&client::Contacts::BatchUpsertContacts, request);
    if (!response.ok()) return response.status();
    run.Accept(response->stored());
    for (const v1::ContactProblem& problem : response->problems()) {
      run.Refuse(problem.problem(), batch.at(problem.index()).locations);
    }
    return absl::OkStatus();
  };
  absl::Status status = run.Send<v1::Contact>(ReadContact, flags.dry_run, send);
  session.out().Note(
      absl::StrCat(charts::CountText(run.accepted()), flags.dry_run ? " contacts read" : " contacts stored"));
  return status;
}

// One contact by flags: only what is given changes.
absl::Status UpsertOne(Session& session, const ContactFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<Node> attributes = ParseAssignments("--set", flags.set);
  if (!attributes.ok()) return attributes.status();
  v1::UpsertContactRequest request;
  for (const Member& member : attributes->members) {
    request.mutable_update_mask()->add_paths(absl::StrCat("attributes.", member.key));
  }
  if (!flags.language.empty()) request.mutable_update_mask()->add_paths("language");
  if (!flags.time_zone.empty()) request.mutable_update_mask()->add_paths("time_zone");
  Node document = {.kind = Node::Kind::kMap, .line = 1};
  AddText(document, "id", flags.id);
  AddText(document, "language", flags.language);
  AddText(document, "time_zone", flags.time_zone);
  document.members.push_back({.key = "attributes", .line = 1, .value = *std::move(attributes)});
  auto contact = ReadContact(document, {.source = "command line", .tenant = *tenant});
  if (!contact.ok()) return contact.status();
  *request.mutable_contact() = std::move(contact->message);
  const auto stored = session.Call(&client::Contacts::UpsertContact, request);
  return stored.ok() ? session.out().PrintOne(*stored, ContactColumns()) : stored.status();
}

absl::Status Upsert(Session& session, const ContactFlags& flags) {
  if (!flags.files.empty() && !flags.id.empty()) return UsageError("give a contact or -f FILE, not both");
  if (!flags.files.empty()) return UpsertFiles(session, flags);
  if (flags.id.empty()) return UsageError("give a contact's id, or -f FILE");
  if (flags.dry_run) return UsageError("--dry-run goes with -f FILE");
  return UpsertOne(session, flags);
}

absl::Status Get(Session& session, const ContactFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("contacts", flags.id);
  if (!name.ok()) return name.status();
  v1::GetContactRequest request;
  request.set_name(*name);
  const auto contact = session.Call(&client::Contacts::GetContact, request);
  return contact.ok() ? session.out().PrintOne(*contact, ContactColumns()) : contact.status();
}

absl::Status List(Session& session, const ContactFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListContactsRequest request;
  request.set_parent(*tenant);
  const auto contacts =
      ListAll(session, &client::Contacts::ListContacts, request, &v1::ListContactsResponse::contacts, flags.limit);
  return contacts.ok() ? session.out().PrintList(*contacts, ContactColumns()) : contacts.status();
}

absl::Status Merge(Session& session, const ContactFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("contacts", flags.id);
  if (!name.ok()) return name.status();
  const absl::StatusOr<std::string> duplicate = session.Name("contacts", flags.duplicate);
  if (!duplicate.ok()) return duplicate.status();
  absl::Status status = session.Confirm(
      absl::StrCat("Merge contact ", ShortName(*duplicate), " into ", ShortName(*name), "? This cannot be undone."));
  if (!status.ok()) return status;
  v1::MergeContactsRequest request;
  request.set_name(*name);
  request.set_duplicate(*duplicate);
  const auto contact = session.Call(&client::Contacts::MergeContacts, request);
  return contact.ok() ? session.out().PrintOne(*contact, ContactColumns()) : contact.status();
}

absl::Status Suppress(Session& session, const ContactFlags& flags) {
  return AddSuppression(session, {.contact = flags.id, .address = {}, .channel = flags.channel}, "manual", flags.note);
}

absl::Status Unsuppress(Session& session, const ContactFlags& flags) {
  return RemoveSuppression(session, {.contact = flags.id, .address = {}, .channel = flags.channel});
}

void AddImport(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<ImportFlags>();
  CLI::App& verb = commands.AddVerb(noun, "import", "Store the people of a CSV file, each replaced whole",
                                    [flags](Session& session) { return ImportContacts(session, *flags); });
  verb.add_option("file", flags->file, "The file; - is standard input")->required();
  verb.add_option("--map", flags->maps, "COLUMN=FIELD: what a column is; COLUMN=- leaves it out")
      ->allow_extra_args(false);
  verb.add_option("--type", flags->types, "ATTRIBUTE=text, number or boolean, instead of what it looks like")
      ->allow_extra_args(false);
  verb.add_option("--errors", flags->errors, "Write refused rows to this CSV file");
  verb.add_flag("--dry-run", flags->dry_run, "Let the server check everything, write nothing");
  verb.footer(
      "The first row names the columns: id, email, phone, language, time_zone, consent_email and consent_sms\n"
      "(yes or no); every other one is an attribute of that name:\n"
      "  id,email,consent_email,country,zip\n"
      "  customer-7,anna@example.com,yes,FR,01600\n"
      "Commas, semicolons and tabs are understood. Running it again is safe: what has not changed stays.");
}

}  // namespace

void AddContactCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("contact", "The people a tenant may ask");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const ContactFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<ContactFlags>();

  CLI::App& upsert = add("upsert", "Create or change a contact, or all of a file", Upsert, flags);
  upsert.add_option("contact", flags->id, "Its external id; what the flags do not name stays as it is");
  upsert.add_option("--set", flags->set, "An attribute, key=value; values are YAML")->allow_extra_args(false);
  upsert.add_option("--language", flags->language, "BCP 47, for example pt-BR");
  upsert.add_option("--time-zone", flags->time_zone, "IANA name");
  AddFiles(upsert, flags->files,
           "Contacts as YAML or NDJSON (id, attributes, language, time_zone, addresses), each replaced whole");
  upsert.add_flag("--dry-run", flags->dry_run, "Read the files, send nothing");

  add("get", "Show a contact", Get, flags).add_option("contact", flags->id, "Its external id")->required();
  AddLimit(add("list", "List contacts", List, flags), flags->limit);
  AddImport(commands, noun);

  CLI::App& merge = add("merge", "Make one contact of two", Merge, flags);
  merge.add_option("contact", flags->id, "The one that is kept")->required();
  merge.add_option("duplicate", flags->duplicate, "The one that becomes it")->required();
  CLI::App& suppress = add("suppress", "Never ask a contact again", Suppress, flags);
  suppress.add_option("--note", flags->note, "For people");
  CLI::App& unsuppress = add("unsuppress", "Take that back", Unsuppress, flags);
  for (CLI::App* verb : {&suppress, &unsuppress}) {
    verb->add_option("contact", flags->id, "Its external id")->required();
    verb->add_option("--channel", flags->channel, "Only on this channel; on all otherwise");
  }
}

}  // namespace canvass::cli
