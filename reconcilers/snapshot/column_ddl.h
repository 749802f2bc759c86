#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/model.h"
#include "reconcilers/snapshot/three_way.h"

namespace reconcile::snapshot {

/// DDL of one column, driven by schema.data_type and its lengths: `type` alone cannot tell varchar
/// from char or numeric from integer, and Directus' own apply loses exactly that. Errors: a type or
/// a default that is more than one SQL expression, a shape the format cannot express.

/// `public."t"`.
std::string qualified(std::string_view table);

/// `character varying(255)`, `numeric(10,5)`, `serial`.
Result<std::string> type_sql(const Attributes& schema);

/// `"name" type not null default …`, with the constraints that can stand beside a column in CREATE
/// TABLE.
Result<std::string> column_sql(const Field& field);

/// Puts a column into a table that is there. `references` stands behind its definition: "
/// constraint … references …", or nothing.
Result<std::vector<Statement>> add_column(const Field& field, std::string_view references);

/// What has to be there before the column: the sequence that its default names.
std::vector<std::string> column_prerequisites(const Field& field);

/// Everything a new column needs besides its definition: who owns its sequence, the index.
std::vector<Statement> column_extras(const Field& field);

/// What the format leaves open, and how the column is made nevertheless: a sentence a person should
/// read; empty where the file says everything.
std::string assumption(const Field& field);

/// Statements that bring an existing column from live to desired in the attributes that differ.
Result<std::vector<Statement>> alter_sql(const Field& field, const std::vector<Difference>& changes,
                                         const ColumnNames& live_names);

/// Whether every value of the live column fits the desired type as it is.
bool narrows(const Attributes& live, const Attributes& desired);

/// "character varying(255), not null" for a plan.
std::string describe_column(const Attributes& schema);

}  // namespace reconcile::snapshot
