/** The addresses of the console's screens. Each screen is a chunk of its own, loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { jobChoice } from '../screens/jobs/chosen-jobs.ts';
import { stepChoice } from '../screens/propose/step-choice.ts';
import { resultSearch } from '../screens/results/result-search.ts';
import { ScreenAbsent, ScreenFailed } from '../shell/screen-failed.tsx';
import { Shell } from '../shell/shell.tsx';
import { Waiting } from '../shell/waiting.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: ScreenAbsent, errorComponent: ScreenFailed });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/home/home.tsx'), 'Home'),
});
const datasets = createRoute({
  getParentRoute: () => root,
  path: '/datasets',
  component: lazyRouteComponent(() => import('../screens/datasets/datasets.tsx'), 'Datasets'),
});
const datasetAdd = createRoute({
  getParentRoute: () => root,
  path: '/datasets/add',
  component: lazyRouteComponent(() => import('../screens/datasets/add.tsx'), 'AddDataset'),
});
const dataset = createRoute({
  getParentRoute: () => root,
  path: '/datasets/$dataset',
  component: lazyRouteComponent(() => import('../screens/datasets/dataset.tsx'), 'Dataset'),
});
const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  component: lazyRouteComponent(() => import('../screens/network/network.tsx'), 'NetworkScreen'),
});
const member = createRoute({
  getParentRoute: () => root,
  path: '/network/$organisation',
  component: lazyRouteComponent(() => import('../screens/network/member.tsx'), 'MemberScreen'),
});
const agreements = createRoute({
  getParentRoute: () => root,
  path: '/agreements',
  component: lazyRouteComponent(() => import('../screens/agreements/agreements.tsx'), 'Agreements'),
});
const agreement = createRoute({
  getParentRoute: () => root,
  path: '/agreements/$agreement',
  component: lazyRouteComponent(() => import('../screens/agreements/agreement.tsx'), 'Agreement'),
});
const propose = createRoute({
  getParentRoute: () => root,
  path: '/propose',
  component: lazyRouteComponent(() => import('../screens/propose/propose.tsx'), 'Propose'),
});
const proposeOne = createRoute({
  getParentRoute: () => root,
  path: '/propose/$operation',
  validateSearch: stepChoice,
  component: lazyRouteComponent(() => import('../screens/propose/wizard.tsx'), 'Wizard'),
});
const rules = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../screens/settings/rules.tsx'), 'Rules'),
});
const users = createRoute({
  getParentRoute: () => root,
  path: '/settings/users',
  component: lazyRouteComponent(() => import('../screens/settings/users.tsx'), 'Users'),
});
const budgets = createRoute({
  getParentRoute: () => root,
  path: '/settings/budgets',
  component: lazyRouteComponent(() => import('../screens/settings/budgets.tsx'), 'Budgets'),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: jobChoice,
  component: lazyRouteComponent(() => import('../screens/jobs/jobs.tsx'), 'Jobs'),
});
const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$job',
  component: lazyRouteComponent(() => import('../screens/jobs/job.tsx'), 'Job'),
});

const results = createRoute({
  getParentRoute: () => root,
  path: '/results',
  component: lazyRouteComponent(() => import('../screens/results/results.tsx'), 'Results'),
});
const jobResult = createRoute({
  getParentRoute: () => root,
  path: '/results/jobs/$job',
  validateSearch: resultSearch,
  component: lazyRouteComponent(() => import('../screens/results/job-result.tsx'), 'JobResult'),
});
const roomResult = createRoute({
  getParentRoute: () => root,
  path: '/results/rooms/$room/$question',
  component: lazyRouteComponent(() => import('../screens/results/room-result.tsx'), 'RoomResult'),
});
const room = createRoute({
  getParentRoute: () => root,
  path: '/rooms/$room',
  component: lazyRouteComponent(() => import('../screens/rooms/room.tsx'), 'Room'),
});
const roomAudience = createRoute({
  getParentRoute: () => root,
  path: '/rooms/$room/audience',
  component: lazyRouteComponent(() => import('../screens/rooms/audience-builder.tsx'), 'AudienceBuilder'),
});
const roomReport = createRoute({
  getParentRoute: () => root,
  path: '/rooms/$room/report',
  component: lazyRouteComponent(() => import('../screens/rooms/report-form.tsx'), 'ReportForm'),
});
const roomQuestion = createRoute({
  getParentRoute: () => root,
  path: '/rooms/$room/question',
  component: lazyRouteComponent(() => import('../screens/rooms/question/question.tsx'), 'Question'),
});
const audiences = createRoute({
  getParentRoute: () => root,
  path: '/audiences',
  component: lazyRouteComponent(() => import('../screens/audiences/audiences.tsx'), 'Audiences'),
});
const audience = createRoute({
  getParentRoute: () => root,
  path: '/audiences/$audience',
  component: lazyRouteComponent(() => import('../screens/audiences/audience.tsx'), 'Audience'),
});
const guests = createRoute({
  getParentRoute: () => root,
  path: '/guests',
  component: lazyRouteComponent(() => import('../screens/guests/guests.tsx'), 'Guests'),
});
const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  component: lazyRouteComponent(() => import('../screens/ledger/ledger.tsx'), 'Ledger'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    datasets,
    datasetAdd,
    dataset,
    network,
    agreements,
    agreement,
    jobs,
    job,
    results,
    jobResult,
    roomResult,
    room,
    roomAudience,
    roomReport,
    roomQuestion,
    audiences,
    audience,
    member,
    propose,
    proposeOne,
    rules,
    users,
    budgets,
    guests,
    ledger,
  ]),
  defaultErrorComponent: ScreenFailed,
  // While a screen's code, or what it shows, is on its way.
  defaultPendingComponent: Waiting,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  defaultPreload: 'intent',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}
