// What a benchmark needs on a fresh server: a tenant with its key, a published survey, a way to make answers.
#ifndef CANVASS_TESTS_BENCH_WORKSPACE_H_
#define CANVASS_TESTS_BENCH_WORKSPACE_H_

#include <string>

#include "absl/status/statusor.h"
#include "canvass/v1/response_service.pb.h"

namespace canvass::bench {

struct Workspace {
  std::string tenant;
  std::string credential;
  std::string survey;
};

// Creates the tenant, an admin key and a published survey of an NPS, a CSAT, a choice and a text question, broken down by
// country.
absl::StatusOr<Workspace> MakeWorkspace(const std::string& address, const std::string& operator_credential,
                                        const std::string& tenant);

// The nth response: every score and country occurs, deterministically.
v1::SubmitResponseRequest MakeSubmission(const Workspace& workspace, int64_t n);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_WORKSPACE_H_
