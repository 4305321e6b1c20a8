// Datadog's own types of a dashboard, in its client's camelCase; wire.ts spells them as the API does. Types alone: loading the client takes seconds.
export type { Dashboard } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/Dashboard.js';
export type { DashboardTemplateVariable } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/DashboardTemplateVariable.js';
export type { DashboardTemplateVariablePreset } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/DashboardTemplateVariablePreset.js';
export type { FormulaAndFunctionQueryDefinition } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/FormulaAndFunctionQueryDefinition.js';
export type { HeatMapWidgetRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/HeatMapWidgetRequest.js';
export type { ListStreamColumn } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/ListStreamColumn.js';
export type { TableWidgetTextFormatRule } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/TableWidgetTextFormatRule.js';
export type { TimeseriesWidgetRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/TimeseriesWidgetRequest.js';
export type { Widget } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/Widget.js';
export type { WidgetConditionalFormat } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetConditionalFormat.js';
export type { WidgetCustomLink } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetCustomLink.js';
export type { WidgetDefinition } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetDefinition.js';
export type { WidgetFormula } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetFormula.js';
export type { WidgetLayout } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetLayout.js';
export type { WidgetMarker } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetMarker.js';
export type { WidgetNumberFormat } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/WidgetNumberFormat.js';
