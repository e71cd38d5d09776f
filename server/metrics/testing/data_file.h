// The real data sets that metrics are checked against: gzipped CSV files, each beside a truth.json with its numbers.
//
//   if (DataDirectory().empty()) GTEST_SKIP() << kNoData;
//   for (const DataRow& row : ReadCsv("sfo-airport/sfo_2017.csv.gz")) Use(row.at("NETPRO"));
//   double nps = NumberAt(ReadTruth("sfo-airport"), {"2017", "nps", "nps"});
//
// They lie in the directory that CANVASS_SHARED_DATA names, else in ../shared/data. A file that cannot be read ends the
// test process.
#ifndef CANVASS_SERVER_METRICS_TESTING_DATA_FILE_H_
#define CANVASS_SERVER_METRICS_TESTING_DATA_FILE_H_

#include <google/protobuf/struct.pb.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace canvass::metrics::testing {

inline constexpr absl::string_view kNoData =
    "the data sets are not here: set CANVASS_SHARED_DATA to their directory to check metrics against them";

// Where the data sets are, empty if they are not here.
std::string DataDirectory();

// One line by the names of its columns.
using DataRow = absl::flat_hash_map<std::string, std::string>;
std::vector<DataRow> ReadCsv(absl::string_view file);

google::protobuf::Struct ReadTruth(absl::string_view data_set);
const google::protobuf::Value& ValueAt(const google::protobuf::Struct& truth,
                                       std::initializer_list<absl::string_view> path);
double NumberAt(const google::protobuf::Struct& truth, std::initializer_list<absl::string_view> path);

}  // namespace canvass::metrics::testing

#endif  // CANVASS_SERVER_METRICS_TESTING_DATA_FILE_H_
