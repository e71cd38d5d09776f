#include "client/cli/people/import_contacts.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "canvass/v1/contact_service.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/bulk.h"
#include "client/cli/exit_code.h"
#include "client/cli/people/contact_columns.h"
#include "client/cli/translations/csv.h"

namespace canvass::cli {
namespace {

constexpr std::size_t kBatch = 1000;
// Of the rows as they are written, so that a call stays far below what a message may weigh.
constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

// Where refused rows are told.
class RefusedRows {
 public:
  RefusedRows(Session& session, std::string source) : session_(session), source_(std::move(source)) {}

  absl::Status Open(const std::string& path) {
    if (path.empty()) return absl::OkStatus();
    file_.emplace(path, std::ios::binary);
    if (!*file_) return UsageError(absl::StrCat("--errors: cannot write ", path, ": ", std::strerror(errno)));
    *file_ << CsvLine({"line", "column", "value", "error"});
    return absl::OkStatus();
  }

  void Add(int line, const std::string& column, const std::string& value, absl::string_view error) {
    found_.push_back({line, column, value, std::string(error)});
  }

  // Tells what was added, by line: the server finds its faults later than this program.
  void Tell() {
    absl::c_stable_sort(found_, [](const Fault& a, const Fault& b) { return a.line < b.line; });
    for (const Fault& fault : found_) {
      if (file_.has_value()) {
        *file_ << CsvLine({absl::StrCat(fault.line), fault.column, fault.value, fault.error});
        continue;
      }
      const std::string cell = fault.column.empty() ? "" : absl::StrCat(fault.column, " '", fault.value, "' ");
      session_.out().Note(absl::StrCat(source_, ":", fault.line, ": ", cell, fault.error));
    }
    found_.clear();
  }

  // Whether all could be written.
  absl::Status Close() {
    if (!file_.has_value()) return absl::OkStatus();
    file_->close();
    return *file_ ? absl::OkStatus() : UsageError("--errors: the file could not be written to its end");
  }

 private:
  struct Fault {
    int line = 0;
    std::string column, value, error;
  };

  Session& session_;
  const std::string source_;
  std::vector<Fault> found_;
  std::optional<std::ofstream> file_;
};

class ContactImport {
 public:
  ContactImport(Session& session, const ImportFlags& flags, std::string tenant, std::string source, std::istream& input)
      : session_(session),
        flags_(flags),
        tenant_(std::move(tenant)),
        source_(std::move(source)),
        rows_(input),
        refused_(session, source_),
        run_(session, "contacts", {}) {}

  absl::Status Run() {
    absl::Status status = Begin();
    std::vector<CsvRow> batch;
    bool first = true;
    while (status.ok() && ReadBatch(batch)) {
      if (std::exchange(first, false)) {
        columns_->GuessTypes(batch);
        session_.out().Note(columns_->Describe());
      }
      status = Send(batch);
      refused_.Tell();
      run_.Show(false);
    }
    refused_.Tell();
    if (!status.ok()) return status;
    run_.Show(true);
    session_.out().Note(absl::StrCat(charts::CountText(run_.accepted()), " contacts ",
                                     flags_.dry_run ? "are good; nothing was written" : "stored"));
    status = refused_.Close();
    return status.ok() ? run_.Summary() : status;
  }

 private:
  absl::Status Begin() {
    absl::StatusOr<std::optional<CsvRow>> header = rows_.Next();
    if (!header.ok()) return UsageError(absl::StrCat(source_, ":", header.status().message()));
    if (!header->has_value()) return UsageError(absl::StrCat("there is nothing in ", source_));
    absl::StatusOr<ContactColumns> columns = ContactColumns::Make((*header)->fields, flags_.maps, flags_.types);
    if (!columns.ok()) return columns.status();
    columns_ = *std::move(columns);
    return refused_.Open(flags_.errors);
  }

  // False at the end of the file.
  bool ReadBatch(std::vector<CsvRow>& batch) {
    batch.clear();
    std::size_t bytes = 0;
    while (batch.size() < kBatch && bytes < kBatchBytes) {
      absl::StatusOr<std::optional<CsvRow>> row = rows_.Next();
      if (!row.ok()) {
        // Begins with the line.
        int line = 0;
        const std::pair<absl::string_view, absl::string_view> parts =
            absl::StrSplit(row.status().message(), absl::MaxSplits(": ", 1));
        if (!absl::SimpleAtoi(parts.first, &line)) line = 0;
        Refuse(line, "", "", parts.second);
        continue;
      }
      if (!row->has_value()) break;
      for (const std::string& cell : (*row)->fields) bytes += cell.size();
      batch.push_back(*std::move(*row));
    }
    return !batch.empty();
  }

  void Refuse(int line, const std::string& column, const std::string& value, absl::string_view error) {
    refused_.Add(line, column, value, error);
    run_.CountRefused();
  }

  std::string Title(std::optional<std::size_t> column) const {
    return column.has_value() ? columns_->Title(*column) : "";
  }
  static std::string Cell(const CsvRow& row, std::optional<std::size_t> column) {
    return column.has_value() && *column < row.fields.size() ? row.fields[*column] : "";
  }

  absl::Status Send(const std::vector<CsvRow>& batch) {
    v1::BatchUpsertContactsRequest request;
    request.set_parent(tenant_);
    request.set_validate_only(flags_.dry_run);
    std::vector<const CsvRow*> sent;
    for (const CsvRow& row : batch) {
      std::optional<std::size_t> fault;
      absl::StatusOr<v1::Contact> contact = columns_->Read(row.fields, tenant_, fault);
      if (!contact.ok()) {
        Refuse(row.line, Title(fault), Cell(row, fault), contact.status().message());
        continue;
      }
      *request.add_contacts() = *std::move(contact);
      sent.push_back(&row);
    }
    if (sent.empty()) return absl::OkStatus();
    const auto response = session_.Call(&client::Contacts::BatchUpsertContacts, request);
    if (!response.ok()) return response.status();
    for (const v1::ContactProblem& item : response->problems()) {
      const auto index = static_cast<std::size_t>(item.index());
      TellProblem(*sent.at(index), item.problem(), request.contacts(item.index()));
      run_.CountRefused();
    }
    run_.Accept(static_cast<std::int64_t>(sent.size()) - response->problems_size());
    return absl::OkStatus();
  }

  void TellProblem(const CsvRow& row, const v1::Problem& problem, const v1::Contact& contact) {
    if (problem.violations().empty()) refused_.Add(row.line, "", "", problem.message());
    for (const v1::FieldViolation& violation : problem.violations()) {
      const std::optional<std::size_t> column = columns_->ColumnOf(violation.field(), contact);
      refused_.Add(row.line, column.has_value() ? Title(column) : violation.field(), Cell(row, column),
                   violation.description());
    }
  }

  Session& session_;
  const ImportFlags& flags_;
  const std::string tenant_;
  const std::string source_;
  CsvStream rows_;
  RefusedRows refused_;
  BulkRun run_;
  std::optional<ContactColumns> columns_;
};

}  // namespace

absl::Status ImportContacts(Session& session, const ImportFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  if (flags.file == "-") return ContactImport(session, flags, *tenant, "standard input", std::cin).Run();
  std::ifstream file(flags.file, std::ios::binary);
  if (!file) return UsageError(absl::StrCat("cannot read ", flags.file, ": ", std::strerror(errno)));
  return ContactImport(session, flags, *tenant, flags.file, file).Run();
}

}  // namespace canvass::cli
