/** Templates that jobs can be made from (graph-api.md 12.1). */
import { knownAttributes } from '../../config/check-application.ts';
import { profileOfTemplate } from '../../gallery/index.ts';
import { findTemplate, type Template } from '../../manage/templates.ts';
import { exportSchema } from '../../schema/export-schema.ts';
import { templateSchemaId } from '../../schema/schema-fields.ts';
import { notFound } from './graph-error.ts';
import { collection, type GraphContext, type Handler } from './graph-request.ts';
import { selected } from './query-options.ts';
import { counted, ok } from './reply.ts';
import { jobsOf, managedPrincipal, type ServicePrincipal } from './service-principals.ts';

/** Gallery id of the custom application (graph-api.md 12.2). */
const CUSTOM_APPLICATION = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';

const CONFIGURATION_FIELDS = JSON.stringify([{ name: 'baseaddress' }, { name: 'secrettoken', secret: true }]);

export const listTemplates: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const usual = usualTemplate(context, principal);
  const views = (await context.templates(context.written)).map((template) => viewOf(template, usual));
  return collection(
    context,
    templatesPath(principal),
    views.map((view) => selected(view, context.query.select)),
  );
};

export const countTemplates: Handler = async (context) => {
  await managedPrincipal(context);
  return counted((await context.templates(context.written)).length);
};

export const getTemplate: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const view = viewOf(await templateOf(context), usualTemplate(context, principal));
  const odata = { '@odata.context': `${context.root}/$metadata#${templatesPath(principal)}/$entity` };
  return ok({ ...odata, ...selected(view, context.query.select) });
};

export const getTemplateSchema: Handler = async (context) => {
  const principal = await managedPrincipal(context);
  const template = await templateOf(context);
  const path = `${templatesPath(principal)}('${template.id}')/schema/$entity`;
  return ok({ '@odata.context': `${context.root}/$metadata#${path}`, ...schemaOf(template) });
};

async function templateOf(context: GraphContext): Promise<Template> {
  const { template: id = '' } = context.params;
  const found = findTemplate(await context.templates(context.written), id);
  if (found === undefined) throw notFound(`The synchronization template '${id}' does not exist.`);
  return found;
}

/** That of the application's job, or the custom application's. */
function usualTemplate(context: GraphContext, principal: ServicePrincipal): string {
  return jobsOf(context, principal)[0]?.template ?? 'scim';
}

function viewOf(template: Template, usual: string): Readonly<Record<string, unknown>> {
  return {
    id: template.id,
    applicationId: CUSTOM_APPLICATION,
    default: template.id === usual,
    description: null,
    discoverable: true,
    factoryTag: template.id === 'scim' ? 'CustomSCIM' : template.id,
    metadata: [
      { key: 'GalleryApplicationIdentifier', value: CUSTOM_APPLICATION },
      { key: 'GalleryApplicationKey', value: template.id },
      { key: 'ConfigurationFields', value: CONFIGURATION_FIELDS },
    ],
    schema: schemaOf(template),
  };
}

function schemaOf({ id, mapping }: Template): Readonly<Record<string, unknown>> {
  const known = knownAttributes(profileOfTemplate(id), undefined);
  return exportSchema(mapping, { id: templateSchemaId(id), known });
}

function templatesPath({ id }: ServicePrincipal): string {
  return `servicePrincipals('${id}')/synchronization/templates`;
}
